import { factStream } from '../../contracts/facts.ts';
import { caseIdOf, type CaseReason } from '../../contracts/mediators/repair.ts';
import { readEventJson } from '../../contracts/schemas/read-json.ts';
import { InboxAway } from './inbox.ts';
import type { Broker, Delivery } from '../nats/broker.ts';
import type { NotAFact } from './cloud-events.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import { reasonOf, type Log } from '../component.ts';
import { createAside } from './aside.ts';
import type { Listener } from './declaration.ts';
import { createFailures } from './failures.ts';
import { postpone } from './postpone.ts';

/**
 * What becomes of messages that a listener cannot take. None of these rejects: what could not be handed over comes again. They resolve before a hand-over is
 * through: with the workflow processor away that may take long, and the facts beside it shall not wait.
 */
export interface GivingUp {
  /** A message that is no fact is handed over at once. */
  noFact(delivery: Delivery, error: NotAFact): Promise<void>;
  /** A fact that could not be taken comes again; one that has failed too often is handed over. */
  failed(delivery: Delivery, error: unknown): Promise<void>;
  /** It was taken after all. */
  forget(delivery: Delivery): void;
  /** Resolves when no hand-over is under way any more. */
  settled(): Promise<void>;
}

interface GivingUpOptions {
  readonly listener: Pick<Listener, 'name' | 'handsOverAfter'>;
  readonly broker: Pick<Broker, 'streamInfo'>;
  readonly repair: Pick<DeadLetters, 'handOver'>;
  readonly log: Log;
  /** The case that a delivery was sent back from; facts that are broadcast come from none, whatever their headers say. */
  readonly caseOf?: (delivery: Pick<Delivery, 'headers'>) => string | undefined;
}

/** Why a listener cannot take a message; the sentence never quotes it. */
interface Fault {
  readonly reason: CaseReason;
  readonly message: string;
}

/** With the pauses between them, about a quarter of a minute. */
const failuresUntilHandedOver = 5;

/** Hand-overs that may be under way at once, before facts have to wait for them after all. */
const mostHandOvers = 256;

/** The listener's way of handing over, in one hop: the case is written down and its workflow started, then the message is acknowledged. */
export function createGivingUp(options: GivingUpOptions): GivingUp {
  const { listener, broker, repair, log, caseOf = () => undefined } = options;
  const failures = createFailures();
  const aside = createAside(mostHandOvers);
  const handOver = async (delivery: Delivery, fault: Fault): Promise<void> => {
    try {
      const ownCase = caseOf(delivery);
      const caseId = ownCase ?? (await mintedFor(delivery, listener.name, broker));
      await repair.handOver(erroneous(delivery, caseId, listener.name, fault), ownCase !== undefined);
      await delivery.acknowledge();
      failures.forget(delivery.streamSequence);
    } catch (error) {
      log.warn({ error: reasonOf(error), ...placeOf(delivery) }, 'A message could not be handed over; trying again');
      postpone(delivery, 'away');
    }
  };
  const giveUp = (delivery: Delivery, fault: Fault): Promise<void> =>
    aside.begin(delivery.streamSequence, () => handOver(delivery, fault));
  return {
    async noFact(delivery, error) {
      log.error({ error: reasonOf(error), ...placeOf(delivery) }, 'A message is no fact; it is handed over');
      await giveUp(delivery, { reason: readingOf(delivery), message: error.message });
    },
    async failed(delivery, error) {
      if (error instanceof InboxAway) return postpone(delivery, 'away');
      const times = failures.count(delivery.streamSequence);
      const isEnough = times >= (listener.handsOverAfter ?? failuresUntilHandedOver);
      const what = isEnough ? 'it is handed over' : 'it is asked for again later';
      log.error({ error: reasonOf(error), ...placeOf(delivery) }, `A fact could not be taken; ${what}`);
      if (!isEnough) return postpone(delivery, 'failed');
      const message = `The listener ${listener.name} has failed on it ${times} times.`;
      await giveUp(delivery, { reason: 'not-taken', message });
    },
    forget: ({ streamSequence }) => failures.forget(streamSequence),
    settled: () => aside.settled(),
  };
}

async function mintedFor(
  { streamSequence }: Delivery,
  listener: string,
  broker: Pick<Broker, 'streamInfo'>,
): Promise<string> {
  const stream = await broker.streamInfo(factStream.name);
  if (!stream) throw new Error(`There is no stream ${factStream.name}.`);
  return caseIdOf({ consumer: `listener:${listener}`, streamCreated: stream.created, streamSequence });
}

const erroneous = (
  { subject, headers, data, streamSequence }: Delivery,
  caseId: string,
  name: string,
  fault: Fault,
) => ({
  caseId,
  consumer: `listener:${name}`,
  subject,
  headers,
  streamSequence,
  body: data,
  problems: [],
  customerId: null,
  ...fault,
});

function readingOf({ data }: Pick<Delivery, 'data'>): CaseReason {
  const read = readEventJson(data);
  return read.ok ? 'bad-headers' : read.reason;
}

/** Where a delivery stands, for the log. */
export const placeOf = ({ subject, streamSequence, timesDelivered }: Delivery) => ({
  subject,
  streamSequence,
  timesDelivered,
});
