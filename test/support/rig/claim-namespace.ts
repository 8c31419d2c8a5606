import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SharedServers } from '../servers.ts';

/** Takes a namespace that no other test file of this run has, whichever process it runs in. */
export function claimNamespace({ folder, namespaces }: SharedServers): string {
  const claimed = namespaces.find((name) => isFirst(join(folder, 'claims', name)));
  if (claimed) return claimed;
  throw new Error(
    `All ${namespaces.length} namespaces are taken: a test file may take one only (test/support/servers.ts).`,
  );
}

/** Making a folder succeeds once, for one process. */
function isFirst(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
