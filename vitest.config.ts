import { defineConfig } from 'vitest/config';

/**
 * Two processes for all files, which import a module once and not once per file: most of a file's time is its imports.
 * No file may change what the next one imports, nor its environment.
 */
const sharing = { pool: 'forks', isolate: false, maxWorkers: 2 } as const;

/**
 * The tiers: `unit` and `replay` need no server; `integration`, `failure-matrix` and `browser` run on the real ones
 * (see test/support/servers.ts).
 */
// Vitest reads this file's default export; there is no other way to tell it.
export default defineConfig({
  test: {
    teardownTimeout: 30_000,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...sharing } },
      {
        test: {
          name: 'replay',
          include: ['test/replay/**/*.test.ts'],
          ...sharing,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: ['test/integration/failure-matrix/**'],
          globalSetup: ['test/support/servers.ts'],
          ...sharing,
          // After the tiers that need no server.
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // By itself, because it makes time-outs: all its orders at once, and nothing else may take the machine's time.
        test: {
          name: 'failure-matrix',
          include: ['test/integration/failure-matrix/**/*.test.ts'],
          globalSetup: ['test/support/servers.ts'],
          pool: 'forks',
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The repair desk in a real Chromium.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/servers.ts'],
          pool: 'forks',
          maxWorkers: 2,
          // Beside the integration tests.
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
