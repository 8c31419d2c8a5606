import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { actOnOrder } from '../app/act-on-order.ts';
import { changesBetween, nothingYet, type Known } from '../app/order-changes.ts';
import { newRequestId } from '../client/options/order-request.ts';
import type { OrderView } from '../contracts/views.ts';
import { readOrder } from '../app/orders.ts';
import { placeOrder, type PlacedOrder } from '../app/place.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import type { FactName } from '../contracts/facts.ts';
import { changeLine } from '../client/print/order-lines.ts';
import type { Style } from '../client/print/style.ts';
import { sentenceOf, AppError } from '../app/app-error.ts';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import type { FactBoard } from './fact-board.ts';
import { deskCase, queueOrder, rulesApplied, takenOrder } from './queued-order.ts';
import type { Help, Scenario } from './scenarios.ts';
import { hasAllFacts, type Played } from './verdict.ts';
import { followToEnd } from '../app/progress.ts';
import type { Sources } from '../app/sources.ts';

/** The means a scenario is played with. */
export interface Stage {
  readonly sources: Sources;
  /** Of a producer. */
  readonly queue: Broker;
  readonly board: FactBoard;
  readonly style: Style;
  readonly print: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/** The time an order may take to its end, and its facts to arrive after that. */
const timeLimits = { acceptedMs: 60_000, endedMs: 60_000, factsAreLateMs: 3_000, factsMs: 20_000 };

/** Places the scenario's order, shows it walking through its steps, and waits for its end and its facts. */
export async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  const event = { requestId: newRequestId(), ...scenario.order };
  if (scenario.queuedWith) return playQueued(scenario, { ...event, ...scenario.queuedWith }, stage);
  const ask = () =>
    placeOrder({ ...stage.sources, event, policy: loadOrderPolicy({}), deadlineMs: timeLimits.acceptedMs });
  const answers = await Promise.allSettled(Array.from({ length: scenario.timesAsked }, ask));
  const placed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed) return refusedScenario(failed.reason, stage);
  for (const { orderId } of placed) stage.print(stage.style.bold(`accepted as ${orderId}`));
  return seeThrough(scenario, placed, stage);
}

/** Puts the order into the queue, and sees it through as soon as its mediator has it. */
async function playQueued(scenario: Scenario, data: { readonly requestId: string }, stage: Stage): Promise<Played> {
  const { sources, queue, print, style } = stage;
  const { requestId } = data;
  await queueOrder(queue, { requestId, data });
  print(style.bold('$ npm run client -- send order.json'));
  if (scenario.ends === 'on the desk') return onDesk(requestId, stage);
  const placed = await takenOrder(sources, requestId, timeLimits.acceptedMs);
  if (!placed) return { orderIds: [], refusal: 'no mediator has taken it from the queue', view: undefined, facts: [] };
  const rules = await rulesApplied(sources, requestId);
  if (rules.length > 0) print(style.bold(`repaired by ${rules.join(', ')}`));
  print(style.bold(`taken as ${placed.orderId}`));
  return seeThrough(scenario, [placed], stage);
}

async function onDesk(requestId: string, { sources, print, style }: Stage): Promise<Played> {
  const found = await deskCase(sources, requestId, timeLimits.factsMs);
  if (found) {
    const { caseId, state, message } = found;
    const words = state === 'waiting' ? 'waits on the repair desk' : `was ${state} after an earlier demo`;
    print(style.bold(`case ${caseId} ${words}: ${message}`));
  }
  return { orderIds: [], refusal: found?.message, view: undefined, facts: [] };
}

function refusedScenario(error: unknown, { print, style }: Stage): Played {
  if (!(error instanceof AppError) || error.kind !== 'refused') throw error;
  const refusal = sentenceOf(error);
  print(style.bad(refusal));
  return { orderIds: [], refusal, view: undefined, facts: [] };
}

async function seeThrough(scenario: Scenario, placed: readonly PlacedOrder[], stage: Stage): Promise<Played> {
  const [first] = placed;
  if (!first) throw new Error('A scenario has to ask at least once.');
  await showSteps(first, scenario, stage);
  const enough = (facts: Played['facts']) => hasAllFacts(scenario, facts);
  const facts = await waitForFacts(first.orderId, enough, stage);
  const heard = facts.filter(({ key }) => key === first.orderId).length;
  const view = await viewWithFacts(first.orderId, enough(facts) ? heard : 0, stage);
  return { orderIds: placed.map(({ orderId }) => orderId), refusal: undefined, view, facts };
}

/** Says so when facts are late, and waits on for a while. */
async function waitForFacts(orderId: string, enough: (facts: Played['facts']) => boolean, stage: Stage) {
  const soon = await stage.board.waitFor(orderId, enough, timeLimits.factsAreLateMs);
  if (enough(soon)) return soon;
  stage.print(
    stage.style.bad(`not all facts were broadcast yet: waiting up to ${timeLimits.factsMs / 1000} s for them`),
  );
  return stage.board.waitFor(orderId, enough, timeLimits.factsMs);
}

async function showSteps(placed: PlacedOrder, { help }: Scenario, stage: Stage): Promise<void> {
  const { sources, style, print, interrupted } = stage;
  let before: Known = nothingYet;
  let helping: Promise<unknown> | undefined;
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(timeLimits.endedMs)]);
  const following = { client: sources.client, workflowId: placed.workflowId, interrupted: signal, everyMs: 50 };
  await followToEnd(following, (progress) => {
    for (const change of changesBetween(before, progress)) print(changeLine(change, style));
    before = progress;
    if (help && progress.holds.length > 0) helping ??= giveHelp(placed, help, stage);
  });
  await helping;
}

/** Does what the scenario says about a hold, once the customer has had the mail that asks for it. */
async function giveHelp({ orderId }: PlacedOrder, { name, action, typed }: Help, stage: Stage): Promise<void> {
  await stage.board.waitFor(orderId, (facts) => howMany(facts, 'email-sent') >= 2, timeLimits.factsAreLateMs);
  stage.print(stage.style.bold(`$ npm run client -- ${typed.replace('ORDER', orderId)}`));
  const { sources } = stage;
  await actOnOrder({ sources, orderId, name, action, updateId: randomUUID(), deadlineMs: timeLimits.acceptedMs });
}

const howMany = (facts: Played['facts'], name: FactName): number => facts.filter((fact) => fact.name === name).length;

/** The order as `show` prints it, as soon as the order timeline has so many of its facts, or when the time is over. */
async function viewWithFacts(orderId: string, count: number, { sources, interrupted }: Stage): Promise<OrderView> {
  const until = Date.now() + timeLimits.factsMs;
  for (;;) {
    const { value } = await readOrder(sources, orderId);
    if (value.facts.length >= count || interrupted.aborted || Date.now() > until) return value;
    await sleep(50);
  }
}
