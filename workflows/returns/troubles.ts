import type { CommandName } from '../../contracts/command-routes.ts';

/** The troubles of a return, one for each command that keeps failing: two may be asked at a time, and one that goes well says nothing of the other. */
export interface Troubles {
  /** Shows what a command says that keeps failing. */
  show(command: CommandName, message: string): Promise<void>;
  /** It has been answered: what is left is shown. */
  over(command: CommandName): Promise<void>;
}

/** Where troubles are shown: all that are left, as one text; null when none is. */
export interface ShownTrouble {
  change(trouble: string | null): void;
  /** Writes down what is shown. */
  record(): Promise<void>;
}

/** Opens a return's troubles. */
export function openTroubles(shown: ShownTrouble): Troubles {
  const troubles = new Map<CommandName, string>();
  let isWritten = false;
  const change = () => shown.change(troubles.size === 0 ? null : [...troubles.values()].join(' '));
  return {
    async show(command, message) {
      troubles.set(command, message);
      change();
      isWritten = true;
      await shown.record();
    },
    async over(command) {
      if (troubles.delete(command)) change();
      // Written down at the first answer after a failure, not at the next: returns under way replay so. The end of the return clears the rest.
      if (!isWritten) return;
      isWritten = false;
      await shown.record();
    },
  };
}
