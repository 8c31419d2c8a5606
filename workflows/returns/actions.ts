import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { actionRefused } from '../../contracts/mediators/order-actions.ts';
import {
  actionNeeds,
  returnActions,
  type ReturnActionName,
  type ReturnActions,
  type ReturnActionTaken,
  type ReturnProgress,
} from '../../contracts/mediators/returns-mediator.ts';
import { whatIsWrong } from './action-input.ts';
import { standingOf, type ReturnFile } from './return-file.ts';
import { deadlineOf } from './waits.ts';

type Input = ReturnActions[ReturnActionName];

type Effect<Name extends ReturnActionName> = (file: ReturnFile, input: ReturnActions[Name]) => Partial<ReturnProgress>;

/** Where each action takes the return. */
const effects: { readonly [Name in ReturnActionName]: Effect<Name> } = {
  approve: (file) => ({ state: 'awaiting-parcel', deadline: deadlineOf(file, 'awaiting-parcel') }),
  decline(file, { reason }) {
    file.declinedBecause = reason;
    return { state: 'declined' };
  },
  'parcel-received': (file) => ({
    state: 'awaiting-inspection',
    deadline: deadlineOf(file, 'awaiting-inspection'),
  }),
  inspect: (_, { lines }) => ({ state: 'refunding', inspected: lines }),
};

/**
 * Takes what people do to the return: updates, checked before they are accepted. A handler answers when the action is recorded; what follows from it happens
 * in the return's own time. Temporal's own cancel declines a return that nobody has approved; later it is shown, and changes nothing.
 */
export function takeReturnActions(file: ReturnFile, cancelRequested: Promise<never>): void {
  for (const name of returnActions) takeAction(file, name);
  cancelRequested.catch(() => file.background.start(() => cancelledInTemporal(file)));
}

function takeAction(file: ReturnFile, name: ReturnActionName): void {
  const validator = (input: Input): void => {
    const wrong = whatIsWrong(name, input, file.start.event.lines);
    if (wrong !== undefined) throw refused(file, wrong);
    mustFit(file, name);
  };
  const taking = (input: Input) =>
    CancellationScope.nonCancellable(async () => {
      mustFit(file, name); // two may have been checked before the first was taken
      await take(file, name, input, currentUpdateInfo()?.id ?? name);
      return { requestId: file.progress.requestId, state: file.progress.state };
    });
  setHandler(defineUpdate<ReturnActionTaken, [Input]>(name), taking, { validator });
}

function take<Name extends ReturnActionName>(
  file: ReturnFile,
  action: Name,
  input: ReturnActions[Name],
  actionId: string,
): Promise<void> {
  file.change((effects[action] as Effect<Name>)(file, input));
  const { actor, ...details } = input;
  return file.records.recordReturnAction({ ...standingOf(file.progress), actionId, action, actor, details });
}

/** Temporal tells nobody's name. */
async function cancelledInTemporal(file: ReturnFile): Promise<void> {
  if (file.progress.state !== actionNeeds.decline) {
    return file.note('A cancel from Temporal is not taken: only a return that nobody has approved can be declined.');
  }
  await take(file, 'decline', { actor: 'Temporal', reason: 'The shop declined it.' }, 'temporal-cancel');
}

function mustFit(file: ReturnFile, name: ReturnActionName): void {
  if (file.progress.state !== actionNeeds[name]) {
    throw refused(file, `The return is ${file.progress.state}, so that "${name}" does not fit.`);
  }
}

function refused({ progress }: ReturnFile, sentence: string): ApplicationFailure {
  const possible = returnActions.filter((name) => actionNeeds[name] === progress.state);
  const now = possible.length > 0 ? `Possible now: ${possible.join(', ')}.` : 'Nothing is possible now.';
  const { requestId, state } = progress;
  const details = [{ requestId, state, possible }];
  return ApplicationFailure.create({ type: actionRefused, message: `${sentence} ${now}`, details, nonRetryable: true });
}
