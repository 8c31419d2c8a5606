import { currentUpdateInfo } from '@temporalio/workflow';
import {
  actionNeeds,
  returnActionsPossible,
  type InspectedLine,
  type ReturnActionName,
  type ReturnActions,
  type ReturnActionTaken,
} from '../../contracts/mediators/returns-mediator.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import { acceptActions, actionRefusal, isLine, isWhole } from '../kit/updates.ts';
import type { ReturnFlow } from './return-flow.ts';
import { rowOf, type ReturnEvent } from './state.ts';

/**
 * Accepts the actions of people on the return. Each is answered when it is recorded; the mediator carries it out
 * afterwards. Temporal's own cancel declines a return that waits for its approval. Later it is only noted.
 */
export function takeReturnActions(flow: ReturnFlow, cancelRequested: Promise<never>): void {
  const handler =
    <Name extends ReturnActionName>(name: Name) =>
    async (input: ReturnActions[Name]): Promise<ReturnActionTaken> => {
      const why = whyNotNow(flow, name); // two may have been accepted before the first was carried out
      if (why !== undefined) throw refuse(flow, why);
      await act(flow, name, input, currentUpdateInfo()?.id ?? name);
      const { requestId, state } = flow.state.progress;
      return { requestId, state };
    };
  acceptActions<ReturnActions, ReturnActionTaken>({
    handlers: {
      approve: handler('approve'),
      decline: handler('decline'),
      'parcel-received': handler('parcel-received'),
      inspect: handler('inspect'),
    },
    whyNot: (name, input) => whatIsWrong(name, input, flow.start.event.lines) ?? whyNotNow(flow, name),
    refuse: (why) => refuse(flow, why),
  });
  cancelRequested.catch(() => flow.background.start(() => cancelledInTemporal(flow)));
}

function act<Name extends ReturnActionName>(
  flow: ReturnFlow,
  name: Name,
  input: ReturnActions[Name],
  actionId: string,
): Promise<void> {
  flow.change({ type: 'acted', name, input } as ReturnEvent);
  const { actor, ...details } = input;
  return flow.records.recordReturnAction({ ...rowOf(flow.state), actionId, action: name, actor, details });
}

/** Temporal's cancel names no person. */
async function cancelledInTemporal(flow: ReturnFlow): Promise<void> {
  if (whyNotNow(flow, 'decline') === undefined) {
    return act(flow, 'decline', { actor: 'Temporal', reason: 'The shop declined it.' }, 'temporal-cancel');
  }
  const sentence = 'A cancel from Temporal is not taken: only a return that nobody has approved can be declined.';
  flow.change({ type: 'noted', sentence });
}

function whyNotNow({ state }: ReturnFlow, name: ReturnActionName): string | undefined {
  const { state: now } = state.progress;
  return now === actionNeeds[name] ? undefined : `The return is ${now}, so that "${name}" does not fit.`;
}

function refuse({ state: { progress } }: ReturnFlow, why: string) {
  const { requestId, state } = progress;
  const details = { requestId, state, possible: returnActionsPossible(state) };
  return actionRefusal(why, details);
}

/** The first problem of an action on a return of these lines, as one sentence; undefined when there is none. */
export function whatIsWrong<Name extends ReturnActionName>(
  action: Name,
  input: ReturnActions[Name],
  asked: readonly OrderLine[],
): string | undefined {
  if (!isLine(input.actor, 64)) return 'The name of who acts must be one line of 1 to 64 characters.';
  if (action === 'decline') return wrongReason((input as ReturnActions['decline']).reason);
  return action === 'inspect' ? wrongLines((input as ReturnActions['inspect']).lines, asked) : undefined;
}

const wrongReason = (reason: unknown): string | undefined =>
  isLine(reason, 200) ? undefined : 'The reason must be one line of 1 to 200 characters.';

function wrongLines(lines: readonly InspectedLine[] | undefined, asked: readonly OrderLine[]): string | undefined {
  if (!Array.isArray(lines)) return 'Say of each title how many are accepted, and how many of those can be sold again.';
  if (new Set(lines.map((line: InspectedLine | null) => line?.isbn)).size < lines.length) {
    return 'Every title stands on one line only.';
  }
  for (const line of lines as readonly (InspectedLine | null)[]) {
    const most = asked.find(({ isbn }) => isbn === line?.isbn)?.quantity;
    if (!line || most === undefined) return 'Only titles of the return can be accepted.';
    if (!isWhole(line.accepted, 0, most)) return `Of ${line.isbn} a whole number from 0 to ${most} can be accepted.`;
    if (!isWhole(line.sellable, 0, line.accepted)) {
      return `Of ${line.isbn} a whole number from 0 to ${line.accepted} can be sold again.`;
    }
  }
  return undefined;
}
