import { setTimeout as sleep } from 'node:timers/promises';
import { createRepairCaseStore } from '../../activities/repair/case-store.ts';
import { createWorkflowProcessor } from '../../activities/repair/processor.ts';
import type { ResubmittedMessage } from '../../activities/repair/resubmission.ts';
import { createRepairStore } from '../../activities/repair/store.ts';
import { toBinaryMode } from '../../broker-bridge/cloud-events/content-mode.ts';
import { createMessageValidator } from '../../broker-bridge/dead-letter/validate.ts';
import { readEvent, type BadEvent, type EventRegistry } from '../../broker-bridge/intake/read-event.ts';
import type { Broker, Deliveries, Delivery } from '../../broker-bridge/nats/broker.ts';
import type { Database } from '../../prisma/database.ts';

interface InPlace {
  readonly broker: Broker;
  readonly database: Database;
  readonly registry: EventRegistry;
}

/**
 * The broker of an intake without the pattern: a bad event is repaired before the next one is taken. The repair is that
 * of the workflow processor: its case, its rules, its statements and its audit trail, without its workflow. Events are
 * taken one after the other, because such a consumer keeps their order in this way.
 */
export const repairingInPlace = ({ broker, database, registry }: InPlace): Broker => ({
  ...broker,
  consume: async (settings) => repaired(await broker.consume(settings), repairer(database, registry)),
});

/** Gives what comes before the first bad event at once, and a bad one alone, when it is repaired. */
function repaired(deliveries: Deliveries, { badOf, repair }: ReturnType<typeof repairer>): Deliveries {
  const waiting: Delivery[] = [];
  return {
    ...deliveries,
    async next(most) {
      if (waiting.length === 0) waiting.push(...(await deliveries.next(most)));
      const [first] = waiting;
      const bad = first && badOf(first);
      if (first && bad) {
        const good = await repair(first, bad);
        waiting.shift();
        return [good];
      }
      const next = waiting.findIndex((delivery) => badOf(delivery));
      return waiting.splice(0, next < 0 ? waiting.length : next);
    },
  };
}

function repairer(database: Database, registry: EventRegistry) {
  const sent = new Map<string, ResubmittedMessage>();
  const cases = createRepairCaseStore(database);
  const processor = createWorkflowProcessor({
    store: createRepairStore(database),
    validate: createMessageValidator(registry),
    resubmitter: keeping(sent),
    ring: () => sleep(0),
  });
  return {
    badOf(delivery: Delivery): BadEvent | undefined {
      const event = readEvent(toBinaryMode(delivery), registry);
      return event.ok ? undefined : event;
    },
    /** Resolves with the delivery as its rules have repaired it, when its case is closed. */
    async repair(delivery: Delivery, { reason, message, problems, customerId }: BadEvent): Promise<Delivery> {
      const { streamSequence, subject, headers, data: body } = delivery;
      const caseId = `in-place-${streamSequence}`;
      const about = { caseId, consumer: 'customer-event-queue', streamSequence, customerId, subject, headers, body };
      await cases.openCase({ ...about, reason, message, problems }, false);
      await processor.repairCase({ caseId, stepId: `${caseId}/1` });
      const good = sent.get(`${caseId}~1`);
      if (!good) throw new Error('The lab has an event that no rule repairs.');
      sent.delete(good.id);
      await processor.acceptCase({ caseId, stepId: `${caseId}/2` });
      return { ...delivery, headers: good.headers, data: good.data };
    },
  };
}

/** Keeps a repaired message for the consumer that waits for it, where the pattern sends it to the queue again. */
const keeping = (sent: Map<string, ResubmittedMessage>) => ({
  publish(message: ResubmittedMessage): Promise<{ readonly streamSequence: number }> {
    sent.set(message.id, message);
    return Promise.resolve({ streamSequence: 0 });
  },
  has: () => Promise.resolve(false),
  withdraw: () => Promise.resolve(),
});
