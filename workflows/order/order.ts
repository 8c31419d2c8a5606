import { defineQuery, setHandler } from '@temporalio/workflow';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import { orderMediator, type Progress, type StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { OrderRecords } from '../../contracts/mediators/order-records.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import { Background } from '../kit/background.ts';
import type { Answer, Call } from '../kit/call.ts';
import { eventSummaries } from '../kit/queued-event.ts';
import { openRecords } from '../kit/records.ts';
import { StepLog } from '../kit/steps.ts';
import { decide, type OrderCommand } from './decide.ts';
import { showOrder } from './details.ts';
import { evolve } from './evolve.ts';
import type { OrderEvent } from './events.ts';
import { CompactLane } from './lane.ts';
import { newOrder, progressOf, type Order } from './state.ts';

/**
 * Thrown when a command is not to be called because the order is to be compensated. Caught where the compensation
 * begins, and only there.
 */
export class OrderEnds extends Error {}

/** A call for an order. */
export interface OrderCall<Name extends CommandName> extends Omit<Call<Name>, 'retryFor'> {
  /** The step it is shown in; the present one when it is left out. */
  readonly step?: StepNumber | undefined;
  /** `without-end` retries its faults for ever; otherwise they are retried for as long as the policy says. */
  readonly retry?: 'by-policy' | 'without-end';
}

const progressQuery = defineQuery<Progress>(orderMediator.progressQuery);

/** One order in the mediator's hands: its state, and the means to move it. */
export class OpenOrder {
  readonly start: StartOrder;
  /** Alone are those before an order id, and those after `ending`: all that may come then is refused, or waits. */
  readonly records = openRecords<OrderRecords & EventRecords>(
    {
      ...eventSummaries,
      receiveOrder: ({ policy: { lane } }) => `open the row of the order${lane === 'compact' ? ', and create it' : ''}`,
      withdrawOrder: 'remove the row of the order',
      holdOrder: ({ hold }) => `write down that it waits: ${hold.reason}`,
      resumeOrder: ({ hold }) => `write down that it resumes: ${hold.reason}`,
      noteAmendment: ({ amendment }) => (amendment ? 'an amendment begins' : 'the amendment came to nothing'),
      recordAction: ({ action }) => `write down: ${action}`,
      compensateOrder: 'mark it as being compensated',
      finishOrder: 'close the row of the order',
    },
    { alone: ['receiveOrder', 'withdrawOrder', 'refuseEvent', 'finishOrder'] },
  );
  readonly background = new Background();
  readonly lane: CompactLane;
  readonly #calls = new StepLog((steps) => void this.apply({ type: 'steps-logged', steps }));
  #state: Order;

  constructor(start: StartOrder) {
    this.start = start;
    this.#state = newOrder(start);
    this.lane = new CompactLane(start, () => this.#state.isEnding);
    setHandler(progressQuery, () => progressOf(this.#state));
  }

  /** Replaced by every event, never changed. */
  get state(): Order {
    return this.#state;
  }

  /**
   * Moves the order by an event and shows it. Returns what has to be done because of it; `perform` does that as well.
   */
  apply(event: OrderEvent): readonly OrderCommand[] {
    const before = this.#state;
    const commands = decide(before, event);
    this.#state = evolve(before, event);
    showOrder(before, this.#state);
    return commands;
  }

  /** Calls a processor once, and logs the call. */
  call<Name extends CommandName>({ step, retry, ...call }: OrderCall<Name>): Promise<Answer<Name>> {
    const { policy, step: present } = this.#state;
    const retryFor = retry === 'without-end' ? undefined : (policy.retryFor[call.name] ?? policy.retryFor.default);
    return this.#calls.call(step ?? present, { ...call, retryFor });
  }

  /** Calls a processor in the compact lane; undefined when the call has to go over its channel. */
  async callInLane<Name extends CommandName>({ step, ...call }: OrderCall<Name>) {
    const asked = this.#calls.asked(step ?? this.#state.step, call, this.lane.askedAt);
    const acknowledgement = await this.lane.call(call);
    if (acknowledgement) this.#calls.add(asked, acknowledgement);
    return acknowledgement;
  }

  /** One step: its commands are under way at the same time, and all of them are answered before the next step. */
  async step(step: StepNumber, commands: readonly (() => Promise<void>)[]): Promise<void> {
    this.apply({ type: 'step-begun', step });
    await all(this.lane.begin(step, commands));
  }

  /**
   * Throws `OrderEnds` when the order is to be compensated. Called before each command: one that is under way is never
   * abandoned.
   */
  check(): void {
    const { cancelled } = this.#state;
    if (cancelled) throw new OrderEnds(cancelled.reason);
  }
}

/**
 * Waits for the end of all work, so that nothing is left running unseen, and only then passes on what went wrong: a bug
 * before the end of the order.
 */
export async function all(works: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const bug = errors.find((error) => !(error instanceof OrderEnds));
  if (bug !== undefined) throw bug;
  if (errors.length > 0) throw errors[0];
}
