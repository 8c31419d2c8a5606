// `npm run worker -- NAME…` in the checkout runs `dist/` when it was built of exactly these sources, else the sources.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { dist, isUpToDate } from '../build/sources.mjs';

const isBuilt = isUpToDate();
const why = isBuilt ? '' : existsSync(dist) ? ': dist/ was built of others' : ': nothing is built';
process.stderr.write(`worker: running ${isBuilt ? 'dist/' : `from the sources${why}`}\n`);
if (isBuilt) await import(pathToFileURL(`${dist}/workers/main.js`).href);
else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./main.ts');
}
