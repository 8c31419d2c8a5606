import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { chosenId } from '../../contracts/ids.ts';
import { actionRefused, busy } from '../../contracts/mediators/order-actions.ts';
import { whyNoRoom, type ActionKind } from '../../contracts/mediators/room.ts';
import { isVisible } from '../../contracts/reading/legible.ts';

/** The actions that people take on a flow: updates of its workflow, named as the keys of `handlers`. */
export interface AcceptedActions<Actions extends object, Taken> {
  /** Each answers when the decision about an accepted action is recorded; it may still throw `refuse(…)`. */
  readonly handlers: { readonly [Name in keyof Actions]: (input: Actions[Name]) => Promise<Taken> };
  /**
   * Why an action cannot be taken now, as one sentence; undefined when it can. Read before the update is accepted, so
   * that a refused one leaves no trace. The input is as it came: it may come from the Web UI or the Temporal CLI, where
   * no schema has seen it.
   */
  readonly whyNot: <Name extends keyof Actions & string>(name: Name, input: Actions[Name]) => string | undefined;
  /**
   * The kind tells how long there is room for an action; `ending` when left out, as in a flow that takes each action
   * once or continues as new.
   */
  readonly kindOf?: (name: keyof Actions & string) => ActionKind;
  /** True while the flow is about to know if an action fits: it is sent again then. */
  readonly isBusy?: () => boolean;
  /** Makes the refusal of an action; see `actionRefusal`. */
  readonly refuse: (why: string) => ApplicationFailure;
}

/**
 * Takes the updates of people from now on. A cancel of the workflow does not cut off an action that was accepted. An id
 * that was used for an action, and not refused, is refused for another one.
 */
export function acceptActions<Actions extends object, Taken>(actions: AcceptedActions<Actions, Taken>): void {
  const taken: TakenUpdates = { ids: new Set(), underWay: 0 };
  for (const name of Object.keys(actions.handlers) as (keyof Actions & string)[]) acceptAction(actions, name, taken);
}

interface TakenUpdates {
  /** The ids that people chose. */
  readonly ids: Set<string>;
  underWay: number;
}

/** The server takes ten updates of a workflow at a time: two places are kept for an operator who ends the flow. */
const mostUnderWay = 8;

function acceptAction<Actions extends object, Taken>(
  { handlers, whyNot, kindOf, isBusy, refuse }: AcceptedActions<Actions, Taken>,
  name: keyof Actions & string,
  taken: TakenUpdates,
): void {
  type Input = Actions[typeof name];
  const kind = (): ActionKind => kindOf?.(name) ?? 'ending';
  const whyTaken = (updateId: string): string | undefined =>
    taken.ids.has(chosenId(updateId))
      ? `The id ${chosenId(updateId)} was used for something else already: choose another.`
      : undefined;
  const validator = (input: Input): void => {
    if (isBusy?.()) throw busyFailure();
    const why = isObject(input)
      ? (whyTaken(idOfUpdate()) ?? whyNot(name, input) ?? whyNoRoom(kind(), workflowInfo()))
      : `The action ${name} needs its content as one object.`;
    if (why !== undefined) throw refuse(why);
    if (taken.underWay >= mostUnderWay && !(kind() === 'ending' && isByOperator(input))) throw busyFailure();
  };
  const handle = async (input: Input): Promise<Taken> => {
    const updateId = idOfUpdate();
    taken.ids.add(chosenId(updateId));
    taken.underWay += 1;
    try {
      return await CancellationScope.nonCancellable(() => handlers[name](input));
    } catch (error) {
      taken.ids.delete(chosenId(updateId));
      throw error;
    } finally {
      taken.underWay -= 1;
    }
  };
  setHandler(defineUpdate<Taken, [Input]>(name), handle, { validator });
}

const idOfUpdate = (): string => currentUpdateInfo()?.id ?? '';

const isByOperator = (input: unknown): boolean => typeof (input as { readonly actor?: unknown }).actor === 'string';

const isObject = (input: unknown): boolean => typeof input === 'object' && input !== null;

/** The failure of an update that is to be sent again. */
export const busyFailure = (): ApplicationFailure =>
  ApplicationFailure.create({ type: busy, message: 'It is only just being looked at; ask again in a moment.' });

/** The failure of a refused action. Its sentence says why and what is possible; nothing has changed. */
export function actionRefusal(
  why: string,
  details: { readonly possible: readonly string[] },
  whenNothing = 'Nothing is possible now.',
): ApplicationFailure {
  const choice = details.possible.length > 0 ? `Possible now: ${details.possible.join(', ')}.` : whenNothing;
  return ApplicationFailure.nonRetryable(`${why} ${choice}`, actionRefused, details);
}

/** True for text on one line, with something on it: no control characters, no half characters. */
export const isLine = (value: unknown, longest: number): value is string =>
  typeof value === 'string' &&
  value.length <= longest &&
  isVisible(value) &&
  !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value);

/** True for a whole number between two others, both included. */
export const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
