/** What has to be taken back if the order cannot go on. */
export interface UndoList {
  /** Lists an undo *before* its command is asked: a command that timed out may have happened. */
  add(undo: () => Promise<unknown>): void;
  /** Takes everything back, newest first, one after the other. Each goes on until it is done. */
  runAll(): Promise<void>;
}

/** An empty list, for a new order. */
export function openUndoList(): UndoList {
  const undos: (() => Promise<unknown>)[] = [];
  return {
    add: (undo) => void undos.push(undo),
    async runAll() {
      for (let undo = undos.pop(); undo; undo = undos.pop()) await undo();
    },
  };
}
