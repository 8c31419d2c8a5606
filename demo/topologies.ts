import { setTimeout as sleep } from 'node:timers/promises';
import type { Style } from '../client/print/style.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { labOrder } from '../lab/lab-order.ts';
import { withSides, type Side } from '../lab/topologies/sides.ts';
import { lastMail, told } from '../lab/topologies/told.ts';
import { act } from '../lab/topologies/trouble.ts';
import { whereIs } from '../lab/topologies/where.ts';

/** The surroundings of the story. */
export interface Telling {
  readonly style: Style;
  readonly print: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/** Payment is dead for so long, and an order gets so long to finish afterwards. */
const [deadMs, patienceMs] = [12_000, 30_000];

/** The shop's own policy has ten minutes here, which is too long for a story. */
const holdAfter = '4 seconds';

/**
 * Plays the same misfortune twice, on systems of its own: payment is dead when an order comes, first in the broker
 * topology, then under the mediator. Resolves with the exit code: 0 when both went as they should.
 */
export async function tellTopologies(telling: Telling): Promise<number> {
  const { print, style, interrupted } = telling;
  print(style.bold('Starting two shops: one without a mediator, one with …'));
  return withSides(['broker', 'mediator'], async (sides) => {
    const interruption = new Promise<number>((resolve) => {
      if (interrupted.aborted) resolve(130);
      else interrupted.addEventListener('abort', () => resolve(130), { once: true });
    });
    const story = tellAll(sides, telling);
    story.catch(() => undefined); // its error is thrown below, unless it was given up before
    const code = await Promise.race([story, interruption]);
    print('Stopping everything …');
    return code;
  });
}

async function tellAll(sides: readonly Side[], telling: Telling): Promise<number> {
  const { print, style } = telling;
  let asItShould = true;
  for (const side of sides)
    asItShould = (await (side.name === 'broker' ? broker : mediator)(side, telling)) && asItShould;
  print('');
  for (const line of moral) print(line);
  print(asItShould ? style.good('Both went as they should.') : style.bad('This is not how it should have gone.'));
  return asItShould ? 0 : 1;
}

const moral = [
  'Both orders were kept, and both finished once payment was back: durable queues do that in either topology.',
  'The difference is who knows. Without a mediator nobody was told, and had payment stayed away, nobody ever would be.',
];

/** Stock is taken and confirmed; no one is told that the charge is missing. */
async function broker(side: Side, telling: Telling): Promise<boolean> {
  const { print, style } = telling;
  print('');
  print(
    `${style.bold('broker topology')}: every processor hears facts and acts by itself; payment is killed, and an order comes`,
  );
  await side.crew.kill(['payment']);
  const orderId = await side.place(labOrder());
  print(style.bold(`      handed to the broker as ${orderId}; that is all the customer knows`));
  const names = await show(side, orderId, deadMs, telling, () => false);
  const isTaken = names.includes('inventory-updated') && names.includes('email-sent confirmation');
  const isTold = names.some((name) => name === 'order-held' || name === 'email-sent held');
  print(
    `      after ${deadMs / 1000} s: the stock is taken, the order is confirmed, and it stands still. Told of it: ${style.bad('nobody')}`,
  );
  await showWhere(side, orderId, telling);
  print(`      payment comes back`);
  await side.crew.start(['payment']);
  const finished = await show(side, orderId, patienceMs, telling, isFinished, names.length);
  return isTaken && !isTold && isFinished(finished);
}

/** The mediator holds the order, writes to the customer, and goes on where it stood. */
async function mediator(side: Side, telling: Telling): Promise<boolean> {
  const { print, style } = telling;
  print('');
  print(`${style.bold('mediator')}: the same order, the same dead payment; its policy says to hold after ${holdAfter}`);
  await side.crew.kill(['payment']);
  const shops = loadOrderPolicy({});
  const policy = { ...shops, retryFor: { ...shops.retryFor, 'apply-payment': holdAfter } } as const;
  const orderId = await side.place(labOrder(), policy);
  print(style.bold(`      accepted as ${orderId}`));
  const names = await show(side, orderId, patienceMs, telling, isHeld);
  print(
    `      the mediator has noticed: ${style.good('the order is held')}, the customer has a mail, the desk shows it`,
  );
  await showWhere(side, orderId, telling);
  print(`      payment comes back, and somebody at the desk says: retry`);
  await side.crew.start(['payment']);
  await act(side, orderId, 'retry', { actor: 'demo' });
  const finished = await show(side, orderId, patienceMs, telling, isFinished, names.length);
  return isHeld(names) && isFinished(finished);
}

const isHeld = (names: readonly string[]): boolean => names.includes('order-held') && names.includes('email-sent held');

const isFinished = (names: readonly string[]): boolean => names.includes(lastMail);

async function showWhere(side: Side, orderId: string, { print, style }: Telling): Promise<void> {
  const { answer, asked, ms } = await whereIs(side, orderId);
  print(
    `      where is my order? ${asked === 1 ? 'one question' : `${asked} questions`}, ${ms.toFixed(0)} ms: ${style.dim(answer)}`,
  );
}

/** Shows what is told about the order, as it is told, until it is enough or the time is over. All names so far. */
async function show(
  side: Side,
  orderId: string,
  withinMs: number,
  { print, style, interrupted }: Telling,
  enough: (names: readonly string[]) => boolean,
  shownAlready = 0,
): Promise<readonly string[]> {
  const begun = Date.now();
  let shown = shownAlready;
  for (;;) {
    const facts = await told(side, orderId);
    for (const { name, at } of facts.slice(shown))
      print(`${style.busy('fact')}  ${name} ${style.dim(`${Math.max(0, (at - begun) / 1000).toFixed(1)} s`)}`);
    shown = facts.length;
    const names = facts.map(({ name }) => name);
    if (enough(names) || interrupted.aborted || Date.now() - begun > withinMs) return names;
    await sleep(50);
  }
}
