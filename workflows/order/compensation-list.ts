import type { CommandName } from '../../contracts/command-routes.ts';

/** What has to be taken back if the order cannot go on. */
export interface CompensationList {
  /** Lists a compensation *before* its command is asked: a command that timed out may have happened. The second time it is there already. */
  add(name: CommandName, undo: () => Promise<unknown>): void;
  /** Takes everything back, newest first, one after the other. Each goes on until it is done. */
  runAll(): Promise<void>;
}

/** An empty list, for a new order. */
export function openCompensations(): CompensationList {
  const undos = new Map<CommandName, () => Promise<unknown>>();
  return {
    add(name, undo) {
      if (!undos.has(name)) undos.set(name, undo);
    },
    async runAll() {
      for (const undo of [...undos.values()].toReversed()) await undo();
    },
  };
}
