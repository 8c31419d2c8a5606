import { caseStates, type CaseState } from '../../contracts/mediators/repair.ts';
import type { AuditMark } from '../../app/reads/audit.ts';
import { AppError } from '../../app/app-error.ts';

/** A case's id as it is minted. Anything else cannot be known and is not looked for. */
export function caseIdArgument(argument: string): string {
  if (!/^[A-Za-z0-9._~-]{1,200}$/.test(argument)) throw badInput(`${shown(argument)} is not the id of a repair case.`);
  return argument;
}

/** `--state` of cases: one of them, or `open` for all that are not closed. */
export function caseStateArgument(argument: string): CaseState | 'open' {
  const states = ['open', ...caseStates] as const;
  const state = states.find((known) => known === argument);
  if (!state) throw badInput(`--state ${shown(argument)} cannot be used: give one of ${states.join(', ')}.`);
  return state;
}

/** `--noted`: a place in the audit trail and its hash, as `cases verify` has printed them. */
export function notedArgument(argument: string): AuditMark {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(argument) ?? [];
  if (position === undefined || hash === undefined) {
    throw badInput(`--noted ${shown(argument)} cannot be used: give PLACE:HASH as "cases verify" has printed it.`);
  }
  return { position: Number(position), hash };
}

const badInput = (message: string): AppError => new AppError('bad-input', message);

const shown = (argument: string): string => JSON.stringify(argument.slice(0, 80));
