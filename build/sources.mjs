import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../stack/binaries.mjs';
import { hashOf, isStamped, writeStamp } from '../stack/setup/stamp.mjs';

/** The folders that are built; `workflows` goes into one bundle, `dashboard/page` into two. */
export const folders = [
  'activities',
  'app',
  'broker-bridge',
  'client',
  'config',
  'contracts',
  'dashboard',
  'listeners',
  'prisma',
  'workers',
  'workflows',
];

/** `npm run build` writes into this folder. */
export const dist = join(checkout, 'dist');

/** @param {string} folder */
const stampIn = (folder) => join(folder, '.built-from');

/**
 * A hash of everything that a build is made of, and of these folders besides.
 *
 * @param {string[]} more
 */
export const fingerprint = (...more) =>
  hashOf([...folders, ...more, 'build', 'package.json', 'package-lock.json'].map((path) => join(checkout, path)));

/** True when `dist/` is there, whole, and made of exactly these sources. */
export const isUpToDate = () => existsSync(dist) && isStamped(stampIn(dist), fingerprint());

/**
 * Records the sources that a folder was made of. It is written last, so that half a build counts for nothing.
 *
 * @param {string} folder
 */
export const stamp = (folder) => writeStamp(stampIn(folder), fingerprint());
