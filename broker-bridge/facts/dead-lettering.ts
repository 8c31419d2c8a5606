import PQueue from 'p-queue';
import { factStream } from '../../contracts/facts.ts';
import { caseIdOf, type CaseReason } from '../../contracts/mediators/repair.ts';
import { readEventJson } from '../../contracts/schemas/read-json.ts';
import { InboxAway } from './inbox.ts';
import type { Broker, Delivery } from '../nats/broker.ts';
import type { NotAFact } from './cloud-events.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff } from '../waiting.ts';
import type { Listener } from './listener.ts';

interface DeadLetteringOptions {
  readonly listener: Pick<Listener, 'name' | 'deadLetterAfter'>;
  readonly broker: Pick<Broker, 'streamInfo'>;
  readonly deadLetters: Pick<DeadLetters, 'send'>;
  readonly log: Log;
  /**
   * The case that a delivery was resubmitted from. Facts that are broadcast come from none, even if their headers name
   * one.
   */
  readonly caseOf?: (delivery: Pick<Delivery, 'headers'>) => string | undefined;
}

/** The reason why a listener cannot process a message. The sentence never quotes it. */
interface Rejection {
  readonly reason: CaseReason;
  readonly message: string;
}

/** With the pauses between them, five failures take about 15 seconds. */
const defaultDeadLetterAfter = 5;

/** So many dead letters may be under way at once; facts wait when there are more. */
const mostUnderWay = 256;

/**
 * Sends the messages that a listener cannot process to the dead letters: the case is written down and its workflow
 * started, then the message is acknowledged. A message that could not be sent is delivered again. Nothing here rejects.
 * Facts do not wait for the sending, which may take long while the workflow processor is away.
 */
export class DeadLettering {
  readonly #options: DeadLetteringOptions;
  readonly #queue = new PQueue({ concurrency: mostUnderWay });
  readonly #underWay = new Set<number>();
  readonly #failures = new Map<number, number>();

  constructor(options: DeadLetteringOptions) {
    this.#options = options;
  }

  async notAFact(delivery: Delivery, error: NotAFact): Promise<void> {
    const { log } = this.#options;
    log.error({ error: reasonOf(error), ...deliveryDetails(delivery) }, 'A message is no fact; it is a dead letter');
    await this.#begin(delivery, { reason: bodyReason(delivery), message: error.message });
  }

  /** A fact that could not be applied is delivered again; one that has failed too often is a dead letter. */
  async failed(delivery: Delivery, error: unknown): Promise<void> {
    const { listener, log } = this.#options;
    if (error instanceof InboxAway) return postpone(delivery, 'away');
    const times = this.#countFailure(delivery);
    const isEnough = times >= (listener.deadLetterAfter ?? defaultDeadLetterAfter);
    const next = isEnough ? 'it is a dead letter' : 'it is delivered again later';
    log.error({ error: reasonOf(error), ...deliveryDetails(delivery) }, `A fact could not be applied; ${next}`);
    if (!isEnough) return postpone(delivery, 'failed');
    const message = `The listener ${listener.name} has failed on it ${times} times.`;
    await this.#begin(delivery, { reason: 'not-taken', message });
  }

  /** The fact was applied: its failures do not count any more. */
  applied({ streamSequence }: Delivery): void {
    this.#failures.delete(streamSequence);
  }

  /** Resolves when no dead letter is under way any more. */
  idle(): Promise<void> {
    return this.#queue.onIdle();
  }

  /** Begins to send, unless the same message is under way already. Waits only while too many are under way. */
  async #begin(delivery: Delivery, rejection: Rejection): Promise<void> {
    const { streamSequence } = delivery;
    if (this.#underWay.has(streamSequence)) return;
    this.#underWay.add(streamSequence);
    void this.#queue.add(() => this.#send(delivery, rejection).finally(() => this.#underWay.delete(streamSequence)));
    await this.#queue.onSizeLessThan(1);
  }

  async #send(delivery: Delivery, rejection: Rejection): Promise<void> {
    const { listener, broker, deadLetters, log, caseOf } = this.#options;
    try {
      const ownCase = caseOf?.(delivery);
      const caseId = ownCase ?? (await newCaseId(delivery, listener.name, broker));
      await deadLetters.send(factLetter(delivery, caseId, listener.name, rejection), ownCase !== undefined);
      await delivery.acknowledge();
      this.#failures.delete(delivery.streamSequence);
    } catch (error) {
      log.warn(
        { error: reasonOf(error), ...deliveryDetails(delivery) },
        'A dead letter could not be sent; trying again',
      );
      postpone(delivery, 'away');
    }
  }

  /** Failures are counted in memory: a process that starts anew begins at 0. */
  #countFailure({ streamSequence }: Delivery): number {
    const failures = (this.#failures.get(streamSequence) ?? 0) + 1;
    const hasRoom = this.#failures.size < mostFailing || this.#failures.has(streamSequence);
    if (hasRoom) this.#failures.set(streamSequence, failures);
    return failures;
  }
}

/** As many as a consumer may have unacknowledged at once. */
const mostFailing = 65_536;

async function newCaseId(
  { streamSequence }: Delivery,
  listener: string,
  broker: Pick<Broker, 'streamInfo'>,
): Promise<string> {
  const stream = await broker.streamInfo(factStream.name);
  if (!stream) throw new Error(`There is no stream ${factStream.name}.`);
  return caseIdOf({ consumer: `listener:${listener}`, streamCreated: stream.created, streamSequence });
}

const factLetter = (
  { subject, headers, data, streamSequence }: Delivery,
  caseId: string,
  listener: string,
  rejection: Rejection,
) => ({
  caseId,
  consumer: `listener:${listener}`,
  subject,
  headers,
  streamSequence,
  body: data,
  problems: [],
  customerId: null,
  ...rejection,
});

function bodyReason({ data }: Pick<Delivery, 'data'>): CaseReason {
  const read = readEventJson(data);
  return read.ok ? 'bad-headers' : read.reason;
}

const pauseAfter = {
  early: { first: 100, longest: 5_000 },
  failed: { first: 1_000, longest: 60_000 },
  away: { first: 500, longest: 5_000 },
} as const;

/** Asks for a delivery again, after a pause that grows with the number of its deliveries. */
export const postpone = (delivery: Delivery, why: keyof typeof pauseAfter): void =>
  delivery.postpone(backoff(delivery.timesDelivered, pauseAfter[why]));

/** Identifies a delivery in the log. */
export const deliveryDetails = ({ subject, streamSequence, timesDelivered }: Delivery) => ({
  subject,
  streamSequence,
  timesDelivered,
});
