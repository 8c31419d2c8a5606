import { ApplicationFailure, defineUpdate, setHandler } from '@temporalio/workflow';
import { actionRefused } from '../../contracts/mediators/order-actions.ts';
import type {
  CaseActionName,
  CaseActionRefused,
  CaseActions,
  CaseActionTaken,
} from '../../contracts/mediators/repair.ts';
import { largestRepairable } from '../../contracts/mediators/repair.ts';
import type { CaseFile } from './case-file.ts';

type AnyAction = CaseActions[CaseActionName];

/** Takes what people do to the case: updates, checked before they are accepted. A handler answers when what was done is recorded. */
export function takeCaseActions(file: CaseFile): void {
  const { resubmit, discard, take } = file.steps;
  takeAction(file, 'resubmit', resubmit as (action: AnyAction) => Promise<CaseActionTaken>);
  takeAction(file, 'discard', discard as (action: AnyAction) => Promise<CaseActionTaken>);
  takeAction(file, 'take', take);
}

function takeAction(file: CaseFile, name: CaseActionName, act: (action: AnyAction) => Promise<CaseActionTaken>): void {
  const validator = (action: AnyAction): void => {
    const why = wrongInput(name, action) ?? whyNot(file, name) ?? wasMoved(file, action);
    if (why !== undefined) throw refused(file, why);
  };
  const taking = async (action: AnyAction): Promise<CaseActionTaken> => {
    const taken = await act(action);
    if (taken.ok) file.noteMoved();
    return taken;
  };
  setHandler(defineUpdate<CaseActionTaken, [AnyAction]>(name), taking, { validator });
}

/** The desk checks what it sends; an update may also come from elsewhere. */
function wrongInput(name: CaseActionName, action: AnyAction | undefined): string | undefined {
  if (typeof action !== 'object' || action === null) return `The action ${name} needs its content as one object.`;
  const { actor, reason, body, seen }: { readonly [Field in 'actor' | 'reason' | 'body' | 'seen']?: unknown } = action;
  if (!isLine(actor, 64)) return 'The name of who acts must be one line of 1 to 64 characters.';
  if (seen !== undefined && !Number.isInteger(seen)) return 'What was seen must be a number of resubmissions.';
  if (name === 'discard' && !isLine(reason, 200)) return 'The reason must be one line of 1 to 200 characters.';
  if (name !== 'resubmit') return undefined;
  const fits = typeof body === 'string' && body.length <= largestRepairable;
  return fits ? undefined : 'The message must be text of at most 64 KiB.';
}

const isLine = (value: unknown, longest: number): boolean =>
  typeof value === 'string' &&
  value.length <= longest &&
  /\S/.test(value) &&
  !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value);

function whyNot({ caseId, standing }: CaseFile, name: CaseActionName): string | undefined {
  if (!standing) return `The case ${caseId} is only just being taken up; ask again in a moment.`;
  if (standing.next === 'closed') return `The case ${caseId} is closed (${standing.state}).`;
  if (name === 'take') return undefined;
  if (standing.waitingSince === null) {
    return `The case ${caseId} does not wait for anybody: its message is on its way back.`;
  }
  if (name === 'resubmit' && !standing.canResubmit) {
    return `The message of the case ${caseId} cannot be sent back: it is larger than 64 KiB, or it is none.`;
  }
  return undefined;
}

/** Two people may look at one case: what the second one decided on is no more, and has to be looked at anew. */
function wasMoved({ caseId, standing }: CaseFile, action: AnyAction): string | undefined {
  const seen = 'seen' in action ? action.seen : undefined;
  if (seen === undefined || seen === standing?.resubmissions) return undefined;
  return `The message of the case ${caseId} was sent back since you looked: look at it again.`;
}

function refused(file: CaseFile, why: string): ApplicationFailure {
  const possible = (['resubmit', 'discard', 'take'] as const).filter((name) => whyNot(file, name) === undefined);
  const state = file.standing?.state ?? 'repairing';
  const details: CaseActionRefused = { caseId: file.caseId, state, possible };
  const choice = possible.length > 0 ? ` Possible now: ${possible.join(', ')}.` : '';
  return ApplicationFailure.nonRetryable(`${why}${choice}`, actionRefused, details);
}
