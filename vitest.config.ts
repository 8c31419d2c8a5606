import { defineConfig } from 'vitest/config';

/**
 * Two processes for all files, which import a module once and not once per file: most of a file's time is its imports.
 * No file may change what the next one imports, nor its environment.
 */
const sharing = { pool: 'forks', isolate: false, maxWorkers: 2 } as const;

/** PostgreSQL and Temporal for the run. */
const onServers = {
  pool: 'forks',
  globalSetup: 'test/support/servers.ts',
  testTimeout: 120_000,
  hookTimeout: 120_000,
} as const;

/**
 * The tiers: `unit` and `replay` need no server; the others run on the real ones, after them. Projects of one group run
 * beside each other.
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
          ...onServers,
          ...sharing,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The repair desk in a real Chromium.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...onServers,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // By itself, because it makes time-outs: all its orders at once, and nothing else may take the machine's time.
        test: {
          name: 'failure-matrix',
          include: ['test/integration/failure-matrix/**/*.test.ts'],
          ...onServers,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
