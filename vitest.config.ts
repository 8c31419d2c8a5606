import { defineConfig } from 'vitest/config';

/** The tiers: `unit` and `replay` need no server, `integration` runs on the real ones (see test/support/servers.ts). */
// Vitest reads this file's default export; there is no other way to tell it.
export default defineConfig({
  test: {
    teardownTimeout: 30_000,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'replay', include: ['test/replay/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/servers.ts'],
          pool: 'forks',
          maxWorkers: 2,
          // After the tiers that need no server.
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
