import { connect, type NatsConnection } from 'nats';
import { placeOrder } from '../app/place.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { askByInbox, openReplyQueue } from '../docs/examples/ask.ts';
import { labOrder } from './lab-order.ts';
import { openLabShop, type LabShop } from './open-shop.ts';

/*
 * `npm run lab:ask`: asks per second, and how long an answer takes, by a temporary inbox and by a shared reply queue:
 * AT_ONCE (32) questions under way, in ROUNDS (5) rounds of SECONDS (3) for each way and question, one way after the
 * other in turn. Both are those of docs/examples/ask.ts. One process answers, one asks.
 */

const number = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const [atOnce, rounds, seconds] = [number('AT_ONCE', 32), number('ROUNDS', 5), number('SECONDS', 3)];

type Ask = (question: string, body: object) => Promise<unknown>;

/** The milliseconds that each answer took, with so many questions under way for so long. */
async function measure(asking: Ask, question: string, body: object): Promise<readonly number[]> {
  const took: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const one = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await asking(question, body);
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return took;
}

/** An order that has ended, so that its status comes from PostgreSQL alone. */
async function completedOrder({ client }: LabShop): Promise<string> {
  const placing = { client, event: labOrder(), policy: loadOrderPolicy({}), deadlineMs: 60_000 };
  const { orderId, workflowId } = await placeOrder(placing);
  await client.workflow.getHandle(workflowId).result();
  return orderId;
}

async function compare(nats: NatsConnection, orderId: string): Promise<void> {
  const queue = openReplyQueue(nats);
  const ways = { 'temporary inbox': askByInbox.bind(null, nats), 'shared reply queue': queue.ask } as const;
  const isbns = ['9780134685991', '9780132350884'];
  const questions = { 'order-status': { orderId }, stock: { isbns } } as const;
  const took = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1)
    for (const [question, body] of Object.entries(questions))
      for (const [way, asking] of inTurn(Object.entries(ways), round)) {
        const key = `${question}, ${way}`;
        const measured = await measure(asking, question, body);
        if (round > 0) took.set(key, [...(took.get(key) ?? []), ...measured]); // the first round warms up
      }
  for (const [key, each] of took) report(key, each);
  queue.close();
}

/** Each round begins with the other way. */
const inTurn = <T>(ways: readonly T[], round: number): readonly T[] => (round % 2 === 0 ? ways : ways.toReversed());

function report(key: string, took: readonly number[]): void {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  const perSecond = Math.round(sorted.length / (rounds * seconds));
  console.log(`${key.padEnd(34)} ${String(perSecond).padStart(6)} asks/s   p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`);
}

const shop = await openLabShop([['order-mediator'], ['processors'], ['relay'], ['ask']]);
try {
  const nats = await connect({ servers: shop.env['NATS_URL'] ?? '' });
  shop.onClose(() => nats.close());
  await compare(nats, await completedOrder(shop));
} finally {
  await shop.close();
}
