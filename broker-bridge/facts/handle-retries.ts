import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import { retryHeaders } from '../../contracts/mediators/repair.ts';
import { factHeaders, isFactSource } from '../../contracts/facts.ts';
import { chainOf, nowhere } from './inbox-tables.ts';
import { InboxAway, type Inbox } from './inbox.ts';
import type { Delivery } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf } from '../component.ts';
import { turnOf } from './apply-facts.ts';
import { deliveryDetails, postpone } from './dead-lettering.ts';
import { BatchHandler, type HandlingOptions } from './handle-batch.ts';

interface RetryOptions extends Omit<HandlingOptions, 'finish' | 'caseOf'> {
  readonly deadLetters: DeadLetters;
}

/**
 * Handles the facts that come back to this listener alone. A repaired fact is applied as if it had just been broadcast,
 * in its old place, and its case is notified; one that fails again returns to the same case. A fact that was given up
 * lets the later ones of its key go on.
 */
export function createRetryHandler(options: RetryOptions): Pick<BatchHandler, 'handle' | 'idle'> {
  const { broker, deadLetters, inbox, listener, log } = options;
  const finish = async (delivery: Delivery): Promise<void> => {
    const caseId = caseIn(delivery);
    if (caseId !== undefined) await deadLetters.accepted(caseId);
    await delivery.acknowledge();
  };
  // The facts before a repaired one are never gone: each is on its way, or waits in a case of its own.
  const patient = { ...broker, oldest: () => Promise.resolve(null) };
  const repaired = new BatchHandler({ ...options, broker: patient, finish, caseOf: caseIn });
  const skip = async (delivery: Delivery): Promise<void> => {
    try {
      const isEarly = listener.follows === 'every-fact-of-a-key' && !(await isPassed(delivery, inbox));
      if (isEarly) return postpone(delivery, 'early');
      await delivery.acknowledge();
    } catch (error) {
      log.warn(
        { error: reasonOf(error), ...deliveryDetails(delivery) },
        'A fact that was given up could not be passed over',
      );
      postpone(delivery, error instanceof InboxAway ? 'away' : 'failed');
    }
  };
  return {
    async handle(deliveries) {
      const returned = deliveries.map(asBroadcast);
      await Promise.all(returned.filter(isGivenUp).map(skip));
      await repaired.handle(returned.filter((delivery) => !isGivenUp(delivery)));
    },
    idle: () => repaired.idle(),
  };
}

/** The case that a message on a listener's own retry subject comes from. */
const caseIn = ({ headers }: Pick<Delivery, 'headers'>): string | undefined => headers[eventHeaders.caseId];

const isGivenUp = ({ headers }: Delivery): boolean => headers[retryHeaders.skip] !== undefined;

/** The delivery with the subject that it was broadcast on. */
const asBroadcast = (delivery: Delivery): Delivery => ({
  ...delivery,
  subject: delivery.headers[retryHeaders.subject] ?? delivery.subject,
});

/**
 * Moves its key past a fact that was given up. False while facts before it are still to come. A fact without a readable
 * place leaves no gap.
 */
async function isPassed({ headers }: Delivery, inbox: Inbox): Promise<boolean> {
  const [key, source = ''] = [headers[factHeaders.subject], headers[factHeaders.source]];
  const place = { epoch: Number(headers[factHeaders.epoch]), sequence: Number(headers[factHeaders.sequence]) };
  if (!key || !isFactSource(source) || !Number.isSafeInteger(place.epoch) || !Number.isSafeInteger(place.sequence))
    return true;
  return inbox.transaction(async (tx) => {
    const chain = { source, key };
    const turn = turnOf(place, (await tx.positions([chain])).get(chainOf(chain)) ?? nowhere);
    if (turn === 'now') await tx.advance([{ ...chain, ...place }]);
    return turn !== 'early';
  });
}
