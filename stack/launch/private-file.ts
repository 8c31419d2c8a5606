import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file that only this user may read, at once, so that no reader sees half of it. */
export function writePrivately(path: string, content: string): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true }); // of a start that was killed
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}
