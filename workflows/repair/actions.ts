import { largestRepairable } from '../../contracts/mediators/repair.ts';
import { isRecord } from '../../contracts/reading/record.ts';
import { acceptActions, actionRefusal, isLine } from '../kit/updates.ts';
import type { CaseFlow } from './case-flow.ts';
import {
  type CaseActions,
  type SeenCase,
  type CaseActionName,
  whyNotOnCase,
  caseActionsPossible,
  type CaseActionTaken,
  type CaseActionRefused,
} from '../../contracts/mediators/case-actions.ts';

/** Accepts the actions of people on the case. Each is answered when it is recorded. */
export function takeCaseActions(flow: CaseFlow): void {
  const { steps } = flow;
  const moving = async (acting: Promise<CaseActionTaken>): Promise<CaseActionTaken> => {
    const taken = await acting;
    if (taken.ok) flow.hasMoved = true;
    return taken;
  };
  acceptActions<CaseActions, CaseActionTaken>({
    handlers: {
      resubmit: ({ actor, body, headers }) =>
        moving(steps.proposeCase({ ...flow.step(), actor, body, ...(headers && { headers }) })),
      discard: ({ actor, reason }) => moving(steps.discardCase({ ...flow.step(), actor, reason })),
      take: ({ actor }) => moving(steps.assignCase({ ...flow.step(), actor })),
    },
    isBusy: () => flow.isMoving,
    whyNot: (name, input) => wrongInput(name, input) ?? whyNotNow(flow, name) ?? whyStale(flow, input),
    refuse(why) {
      const { start, stored } = flow;
      const possible = stored ? caseActionsPossible({ caseId: start.caseId, ...stored }) : [];
      const details: CaseActionRefused = { caseId: start.caseId, state: stored?.state ?? 'repairing', possible };
      return actionRefusal(why, details);
    },
  });
}

/** Checks the input, because an update may come from elsewhere than the desk, which checks it too. */
function wrongInput(name: CaseActionName, action: CaseActions[CaseActionName]): string | undefined {
  const {
    actor,
    reason,
    body,
    headers,
    seen,
  }: { readonly [Field in keyof CaseActions['resubmit'] | 'reason']?: unknown } = action;
  if (!isLine(actor, 64)) return 'The name of who acts must be one line of 1 to 64 characters.';
  if (seen !== undefined && !Number.isInteger(seen)) return 'What was seen must be a number of resubmissions.';
  if (name === 'discard' && !isLine(reason, 200)) return 'The reason must be one line of 1 to 200 characters.';
  if (name !== 'resubmit') return undefined;
  if (typeof body !== 'string' || body.length > largestRepairable) return 'The message must be text of at most 64 KiB.';
  return headers === undefined || areHeaders(headers)
    ? undefined
    : 'The headers must be at most 20 names with their texts.';
}

function areHeaders(given: unknown): boolean {
  if (!isRecord(given)) return false;
  const values = Object.values(given);
  return values.length <= 20 && values.every((value) => typeof value === 'string');
}

function whyNotNow({ start: { caseId }, stored }: CaseFlow, name: CaseActionName): string | undefined {
  return stored && whyNotOnCase({ caseId, ...stored }, name); // before it was read the flow is busy
}

/** Refuses a decision on a message that was sent back since the person looked: another person may have acted. */
function whyStale({ start: { caseId }, stored }: CaseFlow, action: CaseActions[CaseActionName]): string | undefined {
  const { seen }: SeenCase = 'seen' in action ? action : {};
  if (seen === undefined || seen === stored?.resubmissions) return undefined;
  return `The message of the case ${caseId} was sent back since you looked: look at it again.`;
}
