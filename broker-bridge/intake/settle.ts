import { keyOf, type CustomerEventStore, type EventKey, type Recorded } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff } from '../waiting.ts';
import type { Decision } from './decide.ts';
import type { Fault } from './read-event.ts';
import { createGather } from './gather.ts';
import type { Meter } from './meter.ts';
import { erroneousFrom, idUsedTwice, notTaken, turnedBad, type Queued } from './queued.ts';
import type { Room } from './room.ts';
import type { StartWorkflow } from './start-workflow.ts';
import { createTelling } from './tell-case.ts';

/** What bringing recorded messages to their end needs. */
export interface SettleOptions {
  readonly store: Pick<CustomerEventStore, 'markStarted' | 'markErroneous' | 'markRepaired'>;
  readonly deadLetters: DeadLetters;
  readonly startFlow: StartWorkflow;
  readonly room: Room;
  /** While an event waits for room, its queue is told that it is not forgotten: every so many milliseconds. */
  readonly prolongEvery: number;
  readonly meter: Meter;
  readonly log: Log;
}

/** Brings one recorded message to where it may be taken off the queue, and takes it off; or asks for it again later. Never rejects. */
export type Settle = (delivery: Delivery, decision: Decision, recorded: ReadonlyMap<string, Recorded>) => Promise<void>;

type Good = Extract<Decision, { readonly as: 'good' }>;

const pauses = { first: 500, longest: 5_000 };
/** Temporal says that an event can never be started: believed when it has said so this often. */
const oftenNotTaken = 4;

/** Marks of many messages go out in one statement. */
export function createSettle({ store, deadLetters, startFlow, meter, log, ...waiting }: SettleOptions): Settle {
  const markStarted = createGather(store.markStarted);
  const markErroneous = createGather(store.markErroneous);
  const told = createTelling({ store, deadLetters, meter, markStarted });

  const giveAway = async (queued: Queued, found: Recorded, key: EventKey, fault: Fault): Promise<void> => {
    const caseId = found.caseId ?? queued.ownCase;
    await deadLetters.send(erroneousFrom(turnedBad(queued, fault), caseId), found.caseId !== null);
    await markErroneous({ ...key, caseId });
    meter.count('handedOver');
  };

  const start = async (delivery: Delivery, { queued, row }: Good, found: Recorded): Promise<void> => {
    if (!(await hasRoom(delivery, waiting))) throw new Error('The intake stops.');
    const came = await startFlow(queued.event);
    if (came === 'other-body') return giveAway(queued, found, row, idUsedTwice);
    if (came === 'not-taken' && delivery.timesDelivered < oftenNotTaken) throw new Error('Temporal refused the start.');
    if (came === 'not-taken') return giveAway(queued, found, row, notTaken);
    // Told before it is written down: when this ends here it is done again, and telling is safe to repeat.
    if (found.caseId !== null) await deadLetters.accepted(found.caseId);
    const { source, eventId } = row;
    await markStarted({ source, eventId, caseId: found.caseId, hasEnded: came === 'has-ended' });
    meter.count('started');
  };

  const bringToItsEnd = async (delivery: Delivery, decision: Decision, found: Recorded | undefined): Promise<void> => {
    if (decision.as === 'repeat') return told.repeat(decision);
    if (decision.as === 'good' && found?.state === 'received') return start(delivery, decision, found);
    if (decision.as === 'good' && found?.state === 'deferred') return meter.count('deferred');
    if (decision.as === 'good' && found) return told.startedBefore(decision, found);
    if (decision.as !== 'bad' || found?.state !== 'dead-lettered') return meter.count('repeats');
    const caseId = found.caseId ?? decision.queued.ownCase;
    await deadLetters.send(erroneousFrom(decision.queued, caseId), caseId !== decision.queued.ownCase);
    meter.count('handedOver');
  };

  return async (delivery, decision, recorded) => {
    try {
      await bringToItsEnd(delivery, decision, decision.as === 'repeat' ? undefined : recorded.get(keyOf(decision.row)));
    } catch (error) {
      const details = { error: reasonOf(error), ...placeOf(delivery) };
      log.warn(details, 'A customer event has to wait; it is asked for again later');
      meter.count('postponed');
      return delivery.postpone(backoff(delivery.timesDelivered, pauses));
    }
    await acknowledge(delivery, log);
  };
}

/** Waits for room; false when the intake stops before there is any. */
async function hasRoom(
  delivery: Delivery,
  { room, prolongEvery }: Pick<SettleOptions, 'room' | 'prolongEvery'>,
): Promise<boolean> {
  const prolonging = setInterval(() => delivery.prolong(), prolongEvery);
  try {
    return await room.enter();
  } finally {
    clearInterval(prolonging);
  }
}

/** An unconfirmed acknowledgement only means that the message comes again, and is known. */
async function acknowledge(delivery: Delivery, log: Log): Promise<void> {
  await delivery.acknowledge().catch((error: unknown) => {
    log.debug({ error: reasonOf(error), ...placeOf(delivery) }, 'An acknowledgement was not confirmed');
  });
}

const placeOf = ({ streamSequence, timesDelivered }: Delivery) => ({ streamSequence, timesDelivered });
