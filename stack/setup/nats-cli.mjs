import { existsSync } from 'node:fs';
import { cachedBinary } from '../binaries.mjs';
import { natsCliPin } from '../pins.mjs';
import { getByGo } from './go.mjs';
import { reasonOf, say } from './run.mjs';

/** The place of the `nats` command line in the checkout's cache. */
export const natsCliPath = cachedBinary('nats', natsCliPin.go.version);

/**
 * Builds the `nats` command line once, where there is Go: about two minutes of one core, seconds when Go has built it
 * before. When it cannot be had, it says why and does not throw: one test is left out then.
 */
export async function getNatsCli() {
  if (existsSync(natsCliPath)) return;
  try {
    await getByGo('nats', natsCliPin);
  } catch (error) {
    say(`the test of the nats command line is left out: ${reasonOf(error)}`);
  }
}
