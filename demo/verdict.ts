import type { FactName } from '../contracts/facts.ts';
import type { OrderView } from '../contracts/views.ts';
import type { Scenario } from './scenarios.ts';

/** A scenario after it was played. */
export interface Played {
  /** One for each time it was asked; empty when it was refused. */
  readonly orderIds: readonly string[];
  /** The sentence of the refusal; undefined when it was accepted. */
  readonly refusal: string | undefined;
  /** The order as `show` prints it; undefined when it was refused. */
  readonly view: OrderView | undefined;
  /** The facts about it, as they were heard on NATS. */
  readonly facts: readonly { readonly name: FactName; readonly key: string; readonly sequence: number }[];
}

/** The differences from the scenario as sentences; empty when there are none. */
export function faultsIn(scenario: Scenario, played: Played): readonly string[] {
  if (scenario.ends === 'on the desk') return played.refusal ? [] : ['It did not come to the repair desk.'];
  if (scenario.ends === 'refused') return played.refusal ? [] : ['It was accepted, and should have been refused.'];
  if (!played.view) return [`It was refused: ${played.refusal}`];
  return [
    ...(new Set(played.orderIds).size === 1 ? [] : [`It became ${played.orderIds.join(' and ')}, not one order.`]),
    ...faultsInView(scenario, played.view),
    ...faultsInFacts(scenario, played, played.view),
  ];
}

function faultsInView(scenario: Scenario, view: OrderView): readonly string[] {
  if (view.state !== scenario.ends) {
    const because = view.reason ? ` (${view.reason})` : '';
    return [`It is ${view.state} at step ${view.step}${because}, and should be ${scenario.ends}.`];
  }
  const open = view.steps.filter(({ acknowledgedAt, refusal }) => acknowledgedAt === null && refusal === null);
  return open.map(({ command, processor }) => `${command} was asked of ${processor} and never acknowledged.`);
}

function faultsInFacts(scenario: Scenario, { facts }: Played, view: OrderView): readonly string[] {
  const missing = without(
    scenario.facts,
    facts.map(({ name }) => name),
  );
  if (missing.length > 0) {
    return [`Not broadcast: ${missing.join(', ')}; see whether the relay and NATS run.`];
  }
  const extra = without(
    facts.map(({ name }) => name),
    [...scenario.facts, ...scenario.mayAlso],
  );
  const own = facts.filter(({ key }) => key === view.orderId);
  const gap = own.findIndex(({ sequence }, index) => sequence !== index + 1);
  const unheard = without(
    own.map(({ name }) => name),
    view.facts.map(({ name }) => name),
  );
  return [
    ...(extra.length > 0 ? [`Broadcast beyond what should be: ${extra.join(', ')}.`] : []),
    ...(gap >= 0 ? [`Its facts are out of sequence at ${own[gap]?.name} #${own[gap]?.sequence}.`] : []),
    ...(unheard.length > 0 ? [`The order timeline did not receive: ${unheard.join(', ')}.`] : []),
  ];
}

/** True when every fact the scenario needs was broadcast. */
export const hasAllFacts = (scenario: Scenario, facts: readonly { readonly name: FactName }[]): boolean =>
  without(
    scenario.facts,
    facts.map(({ name }) => name),
  ).length === 0;

/** The rest of the first list when each of the second has removed one of its kind. */
function without<T>(wanted: readonly T[], there: readonly T[]): readonly T[] {
  const left = [...there];
  return wanted.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
