import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import { retryHeaders } from '../../contracts/mediators/repair.ts';
import { factHeaders } from '../../contracts/facts.ts';
import { InboxAway, type Inbox } from './inbox.ts';
import type { Delivery } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import { reasonOf } from '../component.ts';
import { createBatchHandler, type BatchHandler, type HandlingOptions } from './handle-batch.ts';
import { placeOf } from './hand-over-fact.ts';
import { turnOf } from './order.ts';
import { postpone } from './postpone.ts';

interface RetryOptions extends Omit<HandlingOptions, 'letGo' | 'caseOf'> {
  readonly repair: DeadLetters;
}

/**
 * Handles what comes back to the listener alone: a repaired fact is taken as if it had just been broadcast, in its old place, and its case is told; one
 * that fails again goes to the same case. A fact that was given up lets those after it of its key go on.
 */
export function createRetryHandler(options: RetryOptions): BatchHandler {
  const { broker, repair, inbox, listener, log } = options;
  const letGo = async (delivery: Delivery): Promise<void> => {
    const caseId = caseIn(delivery);
    if (caseId !== undefined) await repair.accepted(caseId);
    await delivery.acknowledge();
  };
  // What is missing before a repaired fact is on its way, or waits in a case of its own: it is never gone.
  const patient = { ...broker, held: () => Promise.resolve(null), streamInfo: broker.streamInfo };
  const { handle, settled } = createBatchHandler({ ...options, broker: patient, letGo, caseOf: caseIn });
  const skip = async (delivery: Delivery): Promise<void> => {
    try {
      const isEarly = listener.follows === 'every-fact-of-a-key' && !(await movedPast(delivery, inbox));
      if (isEarly) return postpone(delivery, 'early');
      await delivery.acknowledge();
    } catch (error) {
      log.warn({ error: reasonOf(error), ...placeOf(delivery) }, 'A fact that was given up could not be passed over');
      postpone(delivery, error instanceof InboxAway ? 'away' : 'failed');
    }
  };
  return {
    async handle(deliveries) {
      const returned = deliveries.map(asBroadcast);
      await Promise.all(returned.filter(isGivenUp).map(skip));
      await handle(returned.filter((delivery) => !isGivenUp(delivery)));
    },
    settled,
  };
}

/** The case that a message on a listener's own retry subject comes from. */
const caseIn = ({ headers }: Pick<Delivery, 'headers'>): string | undefined => headers[eventHeaders.caseId];

const isGivenUp = ({ headers }: Delivery): boolean => headers[retryHeaders.skip] !== undefined;

/** On the subject it was broadcast on. */
const asBroadcast = (delivery: Delivery): Delivery => ({
  ...delivery,
  subject: delivery.headers[retryHeaders.subject] ?? delivery.subject,
});

/** False when facts before it are still to come. What has no readable place in any order leaves no gap. */
async function movedPast({ subject, headers }: Delivery, inbox: Inbox): Promise<boolean> {
  const key = subject.split('.')[3];
  const sequence = Number(headers[factHeaders.sequence]);
  if (key === undefined || !Number.isSafeInteger(sequence)) return true;
  return inbox.transaction(async (tx) => {
    const turn = turnOf(sequence, (await tx.positions([key])).get(key) ?? 0);
    if (turn === 'now') await tx.advance(new Map([[key, sequence]]));
    return turn !== 'early';
  });
}
