import { join } from 'node:path';
import { checkout } from '../stack/binaries.mjs';
import { build } from './build.ts';
import { dist } from './sources.mjs';
import { runToEnd } from '../stack/launch/process.ts';

/** `npm run build`: checks the types, then makes `dist/`. */
const tsc = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
for (const project of ['.', join('dashboard', 'page')])
  await runToEnd('The type check', { command: process.execPath, args: [tsc, '-p', project] }, checkout);
await build(dist);
process.stdout.write(
  'dist/ is built. There: npm ci --omit=dev, npm run migrate, npm run worker -- NAME, npm run dashboard.\n',
);
