import { customerEventQueue, customerEventSubject } from '../../contracts/customer-event-queue.ts';
import type {
  CustomerRecords,
  EndedEvent,
  NextEvent,
  SimpleEvent,
} from '../../contracts/mediators/customer-mediator.ts';
import { messageOf, type StoredMessage } from '../../contracts/mediators/event-records.ts';
import type { DeadLetter, EventFault } from '../../contracts/mediators/repair.ts';
import type { Database } from '../../prisma/database.ts';
import { temporalActivity } from '../kit/activity-context.ts';
import { markDeadLettered, markStarted, openEvents, type OpenEvent, type StartedEvent } from './customer-events.ts';
import { refuseEvent } from './event-records.ts';

/** A recorded message, read as the intake reads it. */
export type ReadEvent =
  | { readonly as: 'simple'; readonly event: SimpleEvent }
  | { readonly as: 'delegated'; readonly workflowId: string; start(): Promise<StartResult> }
  | ({ readonly as: 'bad' } & EventFault);

/**
 * `runs`: it was started, or is running for the same event. `has-ended`: it ran to its end before, for the same event.
 * Else it is never started with this event, for this reason; `maybe` when another attempt may still succeed.
 */
export type StartResult = 'runs' | 'has-ended' | { readonly never: EventFault; readonly maybe: boolean };

/** The ports of the customer mediator's records. */
export interface CustomerPorts {
  readonly database: Database;
  readonly read: (message: StoredMessage) => ReadEvent;
  /** Hands a dead letter over; `isReturned`: it was resubmitted from this case. Safe to repeat. */
  readonly handOver: (event: DeadLetter, isReturned: boolean) => Promise<void>;
}

/** Events looked at in one attempt. */
const eventsAtOnce = 16;
/** After so many attempts it is believed that Temporal will never start an event. */
const oftenNotTaken = 4;

/** The customer mediator's records, as an activity of its worker: one statement for a simple event, two for others. */
export const createCustomerRecords = (ports: CustomerPorts): CustomerRecords => ({
  async takeNext({ customerId, ended }) {
    if (ended?.refused) await handOverRefused(ports, ended, ended.refused);
    const rows = await ports.database.run(openEvents(customerId, ended?.origin ?? null, eventsAtOnce));
    const walk = new Walk(ports, rows);
    const next = await walk.toTheNext();
    return { ...next, delegated: walk.delegated };
  },
});

async function handOverRefused(
  { database, handOver }: CustomerPorts,
  { origin: { source, id } }: EndedEvent,
  { type, message }: NonNullable<EndedEvent['refused']>,
): Promise<void> {
  const refused = await refuseEvent(database, { source, eventId: id, refusal: type, message });
  if (refused) await handOver(refused.event, refused.isKnown);
}

type Next = NextEvent extends infer Each ? (Each extends unknown ? Omit<Each, 'delegated'> : never) : never;

/** One walk over the open events of a customer, in their order. */
class Walk {
  readonly #ports: CustomerPorts;
  readonly #rows: readonly OpenEvent[];
  readonly #started: StartedEvent[] = [];
  readonly delegated: string[] = [];

  constructor(ports: CustomerPorts, rows: readonly OpenEvent[]) {
    this.#ports = ports;
    this.#rows = rows;
  }

  async toTheNext(): Promise<Next> {
    const next = await this.#walk();
    if (this.#started.length > 0) await this.#ports.database.execute(markStarted(this.#started));
    return next;
  }

  async #walk(): Promise<Next> {
    for (const [at, row] of this.#rows.entries()) {
      const next = await this.#pass(row, at);
      if (next) return next;
    }
    return { next: this.#rows.length < eventsAtOnce ? 'nothing' : 'more' };
  }

  /** Undefined when the next event may go on beside this one. */
  async #pass(row: OpenEvent, at: number): Promise<Next | undefined> {
    if (row.state === 'dead-lettered') return this.#waits(at, `the repair case ${row.caseId}`);
    if (row.state === 'received' && !row.isRung) return { next: 'nothing' }; // its bell comes
    if (row.state === 'started' && !row.isSimple)
      return this.#waits(at, `${row.name}, which ${row.workflowId} handles`);
    const message = messageOf(row);
    const read = message ? this.#ports.read(message) : ({ as: 'bad', ...noMessage } as const);
    if (read.as === 'simple') return this.#simple(row, read.event);
    if (read.as === 'bad') return this.#handOver(row, read);
    const result = await read.start();
    if (typeof result === 'object' && result.maybe && temporalActivity().attempt < oftenNotTaken)
      throw new Error(result.never.message);
    if (typeof result === 'object') return this.#handOver(row, result.never);
    this.#started.push({ source: row.source, eventId: row.eventId, hasEnded: result === 'has-ended' });
    this.delegated.push(`${titleOf(row)}: ${read.workflowId}`);
    return row.waitsUntil === 'complete' ? { next: 'more' } : undefined;
  }

  /** The first open event was begun as it was read; one behind others is begun with them. */
  #simple(row: OpenEvent, event: SimpleEvent): Next {
    const { source, eventId } = row;
    if (this.#started.length > 0) this.#started.push({ source, eventId, hasEnded: false });
    return { next: 'simple', event: asRow(event, row) };
  }

  #waits(at: number, waitsFor: string): Next {
    const waiting = this.#rows.slice(at + 1).filter(({ state }) => state === 'received');
    return waiting.length === 0 ? { next: 'nothing' } : { next: 'waits', waiting: waiting.map(titleOf), waitsFor };
  }

  /** The later events wait for its case. */
  async #handOver(row: OpenEvent, { reason, message: why, problems }: EventFault): Promise<Next> {
    const { name, place, customerId, streamSequence } = row;
    const message = messageOf(row) ?? { subject: customerEventSubject(name), headers: {}, body: new Uint8Array() };
    const caseId = row.caseId ?? place;
    const about = { caseId, consumer: customerEventQueue.consumer, streamSequence, customerId };
    await this.#ports.handOver({ ...about, ...message, reason, message: why, problems }, row.caseId !== null);
    await this.#ports.database.execute(markDeadLettered(row, caseId));
    return { next: 'more' };
  }
}

const noMessage: EventFault = {
  reason: 'not-taken',
  message: 'The mediator store has lost what is in this event.',
  problems: [],
};

/** The row is what is completed, and what the request ids of its commands are made of. */
const asRow = ({ origin, ...event }: SimpleEvent, { source, eventId }: OpenEvent): SimpleEvent => ({
  ...event,
  origin: { ...origin, source, id: eventId },
});

const titleOf = ({ name, source, eventId }: OpenEvent): string => `${name} ${source} ${eventId}`;
