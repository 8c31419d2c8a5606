import { setTimeout as sleep } from 'node:timers/promises';
import { applyRules } from '../../activities/repair/rules/apply-rules.ts';
import { readMessage } from '../../activities/repair/rules/rule.ts';
import type { Broker, Delivery } from '../../broker-bridge/nats/broker.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import { classify } from '../../contracts/initiating-events.ts';
import { customerBell } from '../../contracts/mediators/customer-mediator.ts';
import { parseEvent } from '../../contracts/schemas/initiating-events.ts';
import type { LabShop } from '../open-shop.ts';
import { perSecond, type Measured } from './measured.ts';
import type { Published } from './publishing.ts';

/** The stream of the consumer that is measured beside the pattern. */
export const inPlaceSubject = 'lab.in-place';
const stream = 'LAB_IN_PLACE';

/**
 * Starts a consumer without the pattern: an event that it cannot process is repaired by the same rules before it takes
 * the next one. `repairMs` is the time of one repair besides the rules: it stands for the look-ups of a repair.
 * Events are taken one after the other, because such a consumer keeps their order in this way.
 */
export async function startInPlaceConsumer(shop: LabShop, repairMs: number) {
  const { broker } = shop;
  await broker.ensureStream({
    name: stream,
    subjects: [inPlaceSubject],
    keeps: 'work-queue',
    duplicateWindowSeconds: 120,
    maxBytes: 64 * 1024 * 1024,
    maxMessages: 1_000_000,
  });
  const started = new Map<string, number>();
  const settings = { stream, name: 'in-place', subjects: [inPlaceSubject], acknowledgeWithin: 30_000 };
  const deliveries = await broker.consume(settings);
  const ended = takeAll(deliveries, async (delivery) => {
    await startFlow(shop, delivery, repairMs);
    started.set(delivery.headers[eventHeaders.id] ?? '', Date.now());
    await delivery.acknowledge();
  });
  return {
    measure: (published: Published) => measure(started, published, ended),
    async stop() {
      await deliveries.close();
      await ended;
    },
  };
}

async function takeAll(
  deliveries: Awaited<ReturnType<Broker['consume']>>,
  handle: (delivery: Delivery) => Promise<void>,
): Promise<void> {
  for (;;) {
    const batch = await deliveries.next(100);
    if (batch.length === 0) return;
    for (const delivery of batch) await handle(delivery);
  }
}

async function startFlow({ client }: LabShop, { headers, data }: Delivery, repairMs: number): Promise<void> {
  const name = 'address-changed';
  const given = readMessage({ of: 'customer-event', kind: name, caseId: 'in-place', headers, bytes: data });
  let parsed = parseEvent(name, given.content?.of);
  if (!parsed.ok) {
    await sleep(repairMs);
    parsed = parseEvent(name, applyRules(given).message.content?.of);
  }
  if (!parsed.ok) throw new Error('The lab has an event that no rule repairs.');
  const { workflowType, customerOf } = classify(name);
  const customerId = customerOf(parsed.body as Parameters<typeof customerOf>[0]);
  await client.workflow.signalWithStart(workflowType, customerBell(customerId));
}

async function measure(
  started: ReadonlyMap<string, number>,
  { at, bad, begun, ended }: Published,
  consumer: Promise<void>,
): Promise<Measured> {
  const gone = consumer.then(() => Promise.reject(new Error('The consumer has ended.')));
  const ids = [...at.keys()];
  while (!ids.every((id) => started.has(id))) await Promise.race([sleep(100), gone]);
  gone.catch(() => undefined);
  await sleep(bad > 0 ? 500 : 0);
  const instants = ids.map((id) => started.get(id) ?? Number.NaN);
  return {
    perSecond: perSecond(instants, begun, ended),
    times: { 'published to started': ids.map((id, index) => (instants[index] ?? 0) - (at.get(id) ?? 0)) },
  };
}
