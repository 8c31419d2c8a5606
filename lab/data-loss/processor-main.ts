import { setTimeout as sleep } from 'node:timers/promises';
import { connect, ConsumerEvents, type ConsumerMessages, type JsMsg } from 'nats';
import pg from 'pg';
import { ready, settingsOfEntry } from '../kit/entry.ts';
import { applyEffect } from './effects.ts';
import { atTheSameTime, namesOf, workMs, type WorkSettings } from './work.ts';

/*
 * Takes the messages of the queue, some at the same time, works on each, and commits its effect. A message whose work
 * failed is left unacknowledged, and comes again.
 */

const settings = settingsOfEntry() as WorkSettings;
const { natsUrl, databaseUrl, run, acknowledges, when, hasInbox } = settings;
const { stream, consumer: name } = namesOf(run);
const sql = new pg.Pool({ connectionString: databaseUrl, max: atTheSameTime });
const nats = await connect({
  servers: natsUrl,
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
  waitOnFirstConnect: true,
});
const over = { yet: false };
/** The server is away. */
const isOverBy: ReadonlySet<string> = new Set([ConsumerEvents.HeartbeatsMissed]);
let session: ConsumerMessages | undefined;

async function handle(message: JsMsg): Promise<void> {
  const acknowledge = () => (acknowledges === 'explicit' ? message.ackAck({ timeout: 1_000 }) : Promise.resolve(true));
  if (when === 'before-commit') await acknowledge();
  await sleep(workMs);
  await applyEffect(sql, { run, number: Number(message.string()), hasInbox });
  if (when === 'after-commit') await acknowledge();
}

/** One session of the consumer; it ends when the server is away, and another one begins. */
async function takeMessages(): Promise<void> {
  const consumer = await nats.jetstream({ timeout: 1_000 }).consumers.get(stream, name);
  const messages = await consumer.consume({ max_messages: 100, expires: 2_000, idle_heartbeat: 500 });
  session = messages;
  void (async () => {
    for await (const { type } of await messages.status()) if (isOverBy.has(type)) messages.stop();
  })();
  const inWork = new Set<Promise<void>>();
  for await (const message of messages) {
    const one = handle(message).catch(() => undefined);
    inWork.add(one);
    void one.finally(() => inWork.delete(one));
    if (inWork.size >= atTheSameTime) await Promise.race(inWork);
  }
  await Promise.all(inWork);
}

const taking = (async () => {
  while (!over.yet) await takeMessages().catch(() => sleep(100));
})();
ready(async () => {
  over.yet = true;
  session?.stop();
  await taking;
  await nats.close();
  await sql.end();
});
