import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkout } from '../binaries.mjs';

/**
 * PostgreSQL does not run as root: another user runs its programs, which lie in the checkout. Fails with what to do
 * when that user cannot come there.
 *
 * @param {{ uid?: number, folder?: string, env?: NodeJS.ProcessEnv }} options
 */
export function checkReach({ uid = process.getuid?.(), folder = checkout, env = process.env } = {}) {
  if (uid !== 0 || env.DATABASE_URL) return;
  const closed = wayTo(folder).find((place) => (statSync(place).mode & 0o001) === 0);
  if (!closed) return;
  throw new Error(
    `The checkout lies in ${closed}, which only its owner may enter, and PostgreSQL, which does not run as root, has its programs there. ` +
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
