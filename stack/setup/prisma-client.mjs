import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { hashOf, isStamped, writeStamp } from './stamp.mjs';
import { run, say } from './run.mjs';

const generated = join(checkout, 'prisma', 'generated');
const stamp = join(generated, '.schema-hash');
const sources = ['prisma/schema', 'prisma.config.ts', 'node_modules/prisma/package.json'];

/** Generates the Prisma client, unless it was generated from this very schema already. */
export async function generatePrismaClient() {
  const hash = hashOf(sources.map((path) => join(checkout, path)));
  if (existsSync(generated) && isStamped(stamp, hash)) return;
  say('generating the Prisma client …');
  // Prisma would download a schema engine that generating does not use; any program that exists keeps it from that.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  await run(process.execPath, [join(checkout, 'node_modules/prisma/build/index.js'), 'generate'], { env });
  writeStamp(stamp, hash);
}
