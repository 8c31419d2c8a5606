import { accessSync, constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from '../binaries.mjs';

/**
 * PostgreSQL does not run as root: another user runs its programs, which lie in the checkout, or where its packages
 * lead to. Fails with what to do when that user cannot come there.
 *
 * @param {{ uid?: number, folder?: string, env?: NodeJS.ProcessEnv }} options
 */
export function checkReach({ uid = process.getuid?.(), folder = checkout, env = process.env } = {}) {
  if (uid !== 0 || env.DATABASE_URL) return;
  const places = [folder, join(folder, 'node_modules')].filter((place) => existsSync(place));
  const closed = places
    .flatMap((place) => wayTo(realpathSync(place)))
    .find((place) => (statSync(place).mode & 0o001) === 0);
  if (!closed) return;
  throw new Error(
    `The checkout, or its node_modules, lies in ${closed}, which only its owner may enter, and PostgreSQL, which does not run as root, has its programs there. ` +
      `Move the checkout (to /srv, say), run as another user, let others pass (chmod o+x ${closed}), or name a PostgreSQL of your own in DATABASE_URL.`,
  );
}

/**
 * The folder and all above it, the outermost first.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function wayTo(folder) {
  const above = dirname(folder);
  return above === folder ? [folder] : [...wayTo(above), folder];
}

/** The set-up and the stack write these into the checkout. */
const written = ['node_modules', '.cache', '.stack', join('prisma', 'generated')];

/**
 * Fails with what to do when the checkout is another user's or read-only; a part that leads elsewhere may be written.
 */
export function checkWritable(folder = checkout) {
  const closed = written.map((name) => join(folder, name)).find((place) => !isWritable(place));
  if (!closed) return;
  throw new Error(
    `${closed} cannot be written, and what is installed goes there: copy the checkout to a folder of your own (git clone ${folder}), ` +
      `or let its owner run "npm run setup" in it.`,
  );
}

/**
 * Of a place that is not there yet, its folder has to be writable. One that is there has to be a folder, or lead to
 * one.
 *
 * @param {string} place
 */
function isWritable(place) {
  try {
    const isThere = lstatSync(place, { throwIfNoEntry: false }) !== undefined;
    accessSync(isThere ? place : dirname(place), constants.W_OK);
    return !isThere || statSync(place).isDirectory();
  } catch {
    return false;
  }
}
