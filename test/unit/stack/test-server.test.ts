import { afterEach, expect, it, vi } from 'vitest';
import { getTestServer } from '../../../stack/setup/test-server.mjs';

afterEach(() => void vi.unstubAllEnvs());

it('a time-skipping test server of your own is taken when it runs', async () => {
  vi.stubEnv('TEMPORAL_TEST_SERVER', process.execPath);
  expect(await getTestServer()).toEqual({ path: process.execPath, from: 'TEMPORAL_TEST_SERVER' });
});

it('where there is no test server that runs, the reason is said, and nothing fails', async () => {
  vi.stubEnv('TEMPORAL_TEST_SERVER', '/nowhere/temporal-test-server');
  expect(await getTestServer()).toEqual({
    missing: 'TEMPORAL_TEST_SERVER names /nowhere/temporal-test-server, which does not run.',
  });
});
