import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { OrderActionName } from '../../contracts/mediators/order-actions.ts';
import type { OrderProgress } from './order-progress.ts';
import type { CommandName } from '../../contracts/command-routes.ts';

/** How a held command goes on, and who saw to it. */
export interface Release {
  /**
   * `again`: asked as it was (a refused one under its next round). `anew`: asked under the next round, because its content has changed.
   * `skip`: left out. `settled`: already done while it was held.
   */
  readonly how: 'again' | 'anew' | 'skip' | 'settled';
  readonly by: OrderActionName | 'delivery' | 'deadline';
}

/** What the order waits for: at most one hold per command. Shown as they change. */
export interface Holds {
  /** Oldest first. */
  readonly open: readonly OpenHold[];
  /** The hold of a command that was asked; a wanted approval is not one. */
  of(command: CommandName): OpenHold | undefined;
  /** The approval that is waited for. */
  readonly approval: OpenHold | undefined;
  add(hold: OpenHold): void;
  /** Lets a held command go on. Does nothing when it goes on already. */
  release(hold: OpenHold, release: Release): void;
  /** How it goes on; undefined while it waits. */
  releaseOf(hold: OpenHold): Release | undefined;
  remove(hold: OpenHold): void;
  /** The order is undone: nothing is waited for any more. */
  clear(): void;
}

/** No holds. */
export function openHolds(file: OrderProgress): Holds {
  let open: readonly OpenHold[] = [];
  const releases = new Map<string, Release>();
  const change = (holds: readonly OpenHold[]) => {
    open = holds;
    const { state } = file.progress;
    const next = state === 'open' || state === 'held' ? (open.length > 0 ? 'held' : 'open') : state;
    file.showHolds(open, next);
  };
  return {
    get open() {
      return open.filter(({ holdId }) => !releases.has(holdId));
    },
    of: (command) =>
      open.find((hold) => hold.command === command && hold.reason !== 'approval' && !releases.has(hold.holdId)),
    get approval() {
      return open.find(({ reason, holdId }) => reason === 'approval' && !releases.has(holdId));
    },
    add: (hold) => change([...open, hold]),
    release(hold, release) {
      if (!releases.has(hold.holdId)) releases.set(hold.holdId, release);
    },
    releaseOf: ({ holdId }) => releases.get(holdId),
    remove({ holdId }) {
      releases.delete(holdId);
      change(open.filter((hold) => hold.holdId !== holdId));
    },
    clear() {
      if (open.length > 0) change([]);
    },
  };
}
