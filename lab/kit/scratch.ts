import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll, type Ending } from '../../test/support/rig/end-all.ts';

/** The folder of one measurement, and the list of what it has started. */
export interface Scratch {
  /** Removed at the end. */
  readonly folder: string;
  /** Registers an ending; the newest runs first, also when the measurement fails. */
  onClose(end: Ending): void;
}

/** Gives the work a folder of its own, and ends all that it has registered when it is over or has failed. */
export async function inScratch<Result>(work: (scratch: Scratch) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'));
  const endings: Ending[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    return await work({ folder, onClose: (end) => void endings.unshift(end) });
  } finally {
    await endAll(endings);
  }
}
