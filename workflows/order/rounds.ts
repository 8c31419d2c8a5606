import type { Rounds } from '../../contracts/mediators/order-records.ts';
import type { CommandName } from '../../contracts/command-routes.ts';

/** The round each command is at: the last part of its request id. */
export interface RoundBook {
  /** 1 until it is raised. */
  of(command: CommandName): number;
  /** The command is asked anew: it was refused, or its content has changed. */
  raise(command: CommandName): void;
  /** Where an earlier workflow of the order had come to. */
  carryOn(rounds: Rounds): void;
  /** Those that are not at their first. */
  readonly all: Rounds;
}

/** Every command at its first round. */
export function openRoundBook(): RoundBook {
  let all: Rounds = {};
  const of = (command: CommandName) => all[command] ?? 1;
  return {
    of,
    raise: (command) => void (all = { ...all, [command]: of(command) + 1 }),
    carryOn: (rounds) => void (all = rounds),
    get all() {
      return all;
    },
  };
}
