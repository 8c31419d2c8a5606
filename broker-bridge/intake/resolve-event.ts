import { rowKey, type CustomerEventStore, type DeadLettered, type Recorded, type Started } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff } from '../waiting.ts';
import type { BackPressure } from './back-pressure.ts';
import { createBatcher, type Batcher } from './batcher.ts';
import type { Decision } from './decide.ts';
import { deadLetterOf, idUsedTwice, notTaken, rejected } from './envelope.ts';
import type { Metrics } from './metrics.ts';
import type { Fault } from './read-event.ts';
import type { StartWorkflow } from './start-workflow.ts';

/** A recorded message becomes a workflow or a dead letter, or stays deferred. */
export interface ResolveOptions {
  readonly store: Pick<CustomerEventStore, 'markStarted' | 'markDeadLettered' | 'markRepaired'>;
  readonly deadLetters: DeadLetters;
  readonly startWorkflow: StartWorkflow;
  readonly backPressure: BackPressure;
  /** In milliseconds. While an event waits for back-pressure to ease, its time to acknowledge is prolonged so often. */
  readonly prolongEvery: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Resolves one recorded message, then acknowledges it; or asks for it again later. Never rejects. */
export type ResolveEvent = (
  delivery: Delivery,
  decision: Decision,
  recorded: ReadonlyMap<string, Recorded>,
) => Promise<void>;

type Good = Extract<Decision, { readonly as: 'good' }>;

/** After so many deliveries it is believed that Temporal will never start the event. */
const oftenNotTaken = 4;

export function createResolveEvent(options: ResolveOptions): ResolveEvent {
  const { metrics, log } = options;
  const resolver = new Resolver(options);
  return async (delivery, decision, recorded) => {
    try {
      const found = decision.as === 'repeat' ? undefined : recorded.get(rowKey(decision.row));
      await resolver.resolve(delivery, decision, found);
    } catch (error) {
      const details = { error: reasonOf(error), ...eventDetails(delivery) };
      log.warn(details, 'A customer event cannot be resolved now; it is delivered again later');
      return postpone(delivery, metrics);
    }
    await acknowledge(delivery, log);
  };
}

/** Rows of many messages are marked in one statement. */
class Resolver {
  readonly #options: ResolveOptions;
  readonly #markStarted: Batcher<Started>;
  readonly #markDeadLettered: Batcher<DeadLettered>;

  constructor(options: ResolveOptions) {
    this.#options = options;
    this.#markStarted = createBatcher(options.store.markStarted);
    this.#markDeadLettered = createBatcher(options.store.markDeadLettered);
  }

  async resolve(delivery: Delivery, decision: Decision, found: Recorded | undefined): Promise<void> {
    const { deadLetters, metrics } = this.#options;
    if (decision.as === 'repeat') return this.#repeat(decision.acceptedCase);
    if (decision.as === 'good' && found?.state === 'received') return this.#start(delivery, decision, found);
    if (decision.as === 'good' && found?.state === 'deferred') return metrics.count('deferred');
    if (decision.as === 'good' && found) return this.#startedBefore(decision, found);
    if (decision.as !== 'bad' || found?.state !== 'dead-lettered') return metrics.count('repeats');
    const { envelope } = decision;
    const caseId = found.caseId ?? envelope.ownCase;
    await deadLetters.send(deadLetterOf(envelope, caseId), caseId !== envelope.ownCase);
    metrics.count('deadLettered');
  }

  async #start(delivery: Delivery, good: Good, found: Recorded): Promise<void> {
    const { startWorkflow, metrics } = this.#options;
    if (!(await isAdmitted(delivery, this.#options))) throw new Error('The intake stops.');
    const result = await startWorkflow(good.envelope.event);
    if (result === 'other-body') return this.#reject(good, found, idUsedTwice);
    const mayBeTakenLater = delivery.timesDelivered < oftenNotTaken;
    if (result === 'not-taken' && mayBeTakenLater) throw new Error('Temporal refused the start.');
    if (result === 'not-taken') return this.#reject(good, found, notTaken);
    await this.#markAccepted(good, found.caseId, result === 'has-ended');
    metrics.count('started');
  }

  async #reject({ envelope, row }: Good, { caseId: resubmittedFrom }: Recorded, fault: Fault): Promise<void> {
    const caseId = resubmittedFrom ?? envelope.ownCase;
    await this.#options.deadLetters.send(deadLetterOf(rejected(envelope, fault), caseId), resubmittedFrom !== null);
    await this.#markDeadLettered({ source: row.source, eventId: row.eventId, caseId });
    this.#options.metrics.count('deadLettered');
  }

  /**
   * Notifies the case before the event is marked. When the process ends in between, both are repeated, which is safe.
   */
  async #markAccepted({ row }: Good, caseId: string | null, hasEnded: boolean): Promise<void> {
    if (caseId !== null) await this.#options.deadLetters.accepted(caseId);
    await this.#markStarted({ source: row.source, eventId: row.eventId, caseId, hasEnded });
  }

  /**
   * A resubmitted event came again after it was started. Its intake may have died before it notified the case, and the
   * mediator may have completed the event before it was marked started.
   */
  async #startedBefore(good: Good, { state, caseId }: Recorded): Promise<void> {
    this.#options.metrics.count('repeats');
    if (caseId !== null && (state === 'started' || state === 'complete')) await this.#markAccepted(good, caseId, false);
  }

  async #repeat(acceptedCase: string | null): Promise<void> {
    this.#options.metrics.count('repeats');
    if (acceptedCase === null) return;
    await this.#options.deadLetters.accepted(acceptedCase);
    await this.#options.store.markRepaired(acceptedCase);
  }
}

/** Waits until back-pressure admits one workflow more. False when the intake stops before. */
async function isAdmitted(
  delivery: Delivery,
  { backPressure, prolongEvery }: Pick<ResolveOptions, 'backPressure' | 'prolongEvery'>,
): Promise<boolean> {
  const prolonging = setInterval(() => delivery.prolong(), prolongEvery);
  try {
    return await backPressure.admit();
  } finally {
    clearInterval(prolonging);
  }
}

/** When an acknowledgement is not confirmed, the message comes again and is recognised. */
async function acknowledge(delivery: Delivery, log: Log): Promise<void> {
  await delivery.acknowledge().catch((error: unknown) => {
    log.debug({ error: reasonOf(error), ...eventDetails(delivery) }, 'An acknowledgement was not confirmed');
  });
}

/** Asks for a message again, after a pause that grows with the number of its deliveries. */
export function postpone(delivery: Delivery, metrics: Metrics): void {
  metrics.count('postponed');
  delivery.postpone(backoff(delivery.timesDelivered, { first: 500, longest: 5_000 }));
}

const eventDetails = ({ streamSequence, timesDelivered }: Delivery) => ({ streamSequence, timesDelivered });
