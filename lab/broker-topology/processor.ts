import PQueue from 'p-queue';
import { isRefusal } from '../../activities/kit/acknowledge.ts';
import { reasonOf, runComponent, runSessions, type Log, type RunningComponent } from '../../broker-bridge/component.ts';
import type { Broker, ConsumerSettings, Delivery } from '../../broker-bridge/nats/broker.ts';
import type { ProcessorName } from '../../contracts/command-routes.ts';
import { jsonb, text } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { readMessage, sourcesOf, type Bodies, type HeardMessage } from './messages.ts';
import type { Reaction } from './reactions.ts';

/** A processor that hears facts, on one database and one broker. */
export interface ProcessorOptions {
  readonly name: ProcessorName;
  readonly reactions: readonly Reaction[];
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
}

/**
 * What processors have heard and still need: facts come one by one, and some reactions need two. Nothing says when an
 * order has ended, so nothing says when its rows can go.
 */
export const heardTable = `
  CREATE SCHEMA IF NOT EXISTS broker_topology;
  CREATE TABLE IF NOT EXISTS broker_topology.heard (
    processor text, order_id text, name text, body jsonb NOT NULL, heard_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (processor, order_id, name));`;

const note = statement(
  'lab.broker-note',
  {},
  (processor: string, { key, name, body }: HeardMessage) => sql`
    INSERT INTO broker_topology.heard (processor, order_id, name, body)
    VALUES (${processor}, ${key}, ${name}, ${JSON.stringify(body)}::jsonb) ON CONFLICT DO NOTHING`,
);

const heardOf = statement(
  'lab.broker-heard',
  { name: text, body: jsonb<object>() },
  (processor: string, orderId: string) => sql`
    SELECT name, body FROM broker_topology.heard WHERE processor = ${processor} AND order_id = ${orderId}`,
);

/** As long as one attempt of a command may take in the product, and as many messages at once. */
const [acknowledgeWithin, atOnce] = [10_000, 40];

/** The durable consumers of a processor: one on each stream that brings what it needs. */
export const consumersOf = ({ name, reactions }: Pick<ProcessorOptions, 'name' | 'reactions'>): ConsumerSettings[] =>
  sourcesOf([...new Set(reactions.flatMap(({ needs }) => needs))])
    .filter(({ subjects }) => subjects.length > 0)
    .map((source) => ({ ...source, name: `broker-topology-${name}`, acknowledgeWithin, ahead: 2 * atOnce }));

/**
 * Starts a processor. A message is acknowledged when everything that follows from it now is done, so it comes again
 * after a crash; the processor knows a command that it is given again by its request id.
 */
export const startProcessor = (options: ProcessorOptions): RunningComponent =>
  runComponent(`broker-topology:${options.name}`, async (signal) => {
    const warning = 'The processor cannot get at its messages; trying again';
    const sessions = consumersOf(options).map((consumer) =>
      runSessions(signal, { log: options.log, warning }, () => consumeOnce(signal, consumer, options)),
    );
    await Promise.all(sessions);
  });

/** Many messages at a time, in no order: who needs two of an order waits for both. */
async function consumeOnce(signal: AbortSignal, consumer: ConsumerSettings, options: ProcessorOptions): Promise<void> {
  await options.broker.connected(signal);
  const queue = new PQueue({ concurrency: atOnce });
  const deliveries = await options.broker.consume({ ...consumer, signal });
  try {
    for (;;) {
      const some = await deliveries.next(atOnce);
      if (some.length === 0) return;
      for (const delivery of some) void queue.add(() => handle(delivery, options));
      await queue.onSizeLessThan(atOnce);
    }
  } finally {
    await deliveries.close();
    await queue.onIdle();
  }
}

/** Never rejects. A fault is asked for again, less and less often, for ever: there is nobody to hand it to. */
async function handle(delivery: Delivery, options: ProcessorOptions): Promise<void> {
  const { log, name } = options;
  try {
    const message = readMessage(delivery);
    for (const reaction of options.reactions) await reactTo(message, reaction, options);
    await delivery.acknowledge();
  } catch (error) {
    log.warn({ processor: name, subject: delivery.subject, error: reasonOf(error) }, 'fault');
    delivery.postpone(Math.min(500 * 2 ** (delivery.timesDelivered - 1), 10_000));
  }
}

async function reactTo(message: HeardMessage, reaction: Reaction, options: ProcessorOptions): Promise<void> {
  if (!reaction.needs.includes(message.name)) return;
  const heard = await everythingFor(reaction, message, options);
  if (!heard) return;
  try {
    await reaction.react(heard);
  } catch (error) {
    // A refusal is an answer. The processor has told it as a fact, and its work is done: whether anybody hears is not
    // its business.
    if (!isRefusal(error)) throw error;
    options.log.info({ processor: options.name, refusal: error.type }, 'refused');
  }
}

/** What a reaction needs; null when it has not heard everything yet. */
async function everythingFor(
  { needs }: Reaction,
  message: HeardMessage,
  { name, database }: ProcessorOptions,
): Promise<Partial<Bodies> | null> {
  if (needs.length === 1) return { [message.name]: message.body };
  // Two statements: of two messages at the same time, the one that is written last then sees both.
  await database.execute(note(name, message));
  const rows = await database.run(heardOf(name, message.key));
  const heard = Object.fromEntries(rows.map((row) => [row.name, row.body]));
  return needs.every((need) => need in heard) ? heard : null;
}
