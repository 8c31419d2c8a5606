import type { CommandName } from '../../contracts/command-routes.ts';
import type { Commands } from '../../contracts/commands.ts';
import type { FactBodies } from '../../contracts/fact-bodies.ts';
import { factAreas, factStream, type Fact, type FactArea, type FactName } from '../../contracts/facts.ts';
import type { EventBodies, InitiatingEventName } from '../../contracts/initiating-events.ts';
import type { Suspicion } from '../../contracts/mediators/order-mediator.ts';
import type { PurchaseOrder } from '../../contracts/warehouse.ts';
import type { SqlRunner } from '../../prisma/statement.ts';
import type { Beginning } from '../nats/broker.ts';

/**
 * The facts that a listener hears, by name, each with the fields of its body that it reads. The catalogue's check names
 * the listener when one of them goes or changes.
 */
export type Reads = { readonly [Name in FactName]?: readonly (keyof FactBodies[Name] & string)[] };

/** One of the facts that a listener hears; of its body, the fields that it reads. */
export type Heard<Of extends Reads> = {
  [Name in FactName & keyof Of]: Omit<Fact<Name>, 'body'> & {
    readonly body: Pick<FactBodies[Name], Extract<keyof FactBodies[Name], NonNullable<Of[Name]>[number]>>;
  };
}[FactName & keyof Of];

/** A fact of the listener's own. */
export type OwnFact = {
  readonly [Name in FactName]: { readonly name: Name; readonly key: string; readonly body: FactBodies[Name] };
}[FactName];

/**
 * A message that goes out after the commit, at least once: an initiating event for the customer-event queue, a command
 * for a processor, a signal to the mediators of a customer's open orders, a purchase order whose replenishment is to
 * begin, a price for the ticker, or one that the listener delivers itself (`deliver`). It has an id that is the same
 * each time, by which queue and processor know it again; a signal's content, a purchase order's id and a price's place
 * within its key do the same: it has its effect once.
 */
export type Outgoing =
  | {
      readonly [Name in InitiatingEventName]: {
        readonly to: 'customer-event-queue';
        readonly name: Name;
        readonly body: EventBodies[Name];
      };
    }[InitiatingEventName]
  | {
      readonly [Name in CommandName]: {
        readonly to: 'processor';
        readonly name: Name;
        readonly command: Omit<Commands[Name]['command'], 'requestId'>;
      };
    }[CommandName]
  | { readonly to: 'prices'; readonly fact: Fact<'price-changed'> }
  | OrdersMessage
  | { readonly to: 'replenishment'; readonly purchaseOrder: PurchaseOrder }
  | OwnMessage;

/** A signal to the mediator of every order of the customer that is open when it is delivered. */
export interface OrdersMessage {
  readonly to: 'order-mediator';
  readonly name: 'suspected';
  readonly customerId: string;
  readonly content: Suspicion;
}

/** A message that its listener delivers itself. */
export interface OwnMessage {
  readonly to: 'its-own';
  readonly content: object;
  /**
   * Messages of one lane share room of their own, a few at once: a lane whose messages take long slows no other one.
   * Those without a lane share one.
   */
  readonly lane?: string;
}

/**
 * The transaction that holds the inbox and the effect of a fact. Facts and messages follow from the fact: they are
 * there when the transaction commits, and never otherwise.
 */
export interface Transaction extends SqlRunner {
  /** Tells a fact of the listener's own. */
  tell(fact: OwnFact): void;
  /** Sends a message; see `Outgoing`. */
  send(message: Outgoing): void;
}

/** A message of the listener's own on its way. */
export interface OwnDelivery {
  /** The same at every attempt. */
  readonly id: string;
  readonly content: object;
  /** 1 at first. */
  readonly attempt: number;
  /** Statements of the listener, each a transaction of its own. */
  readonly on: SqlRunner;
  /** Commits when the work resolves: what it has written, and the facts that it has told. */
  transaction<Result>(work: (tx: Omit<Transaction, 'send'>) => Promise<Result>): Promise<Result>;
  /** Aborted when the listener stops. */
  readonly signal: AbortSignal;
}

/** A message that is not done with. */
export interface Postponed {
  /** Milliseconds to its next attempt. */
  readonly againIn: number;
  /** The reason, one sentence for its row and the log. */
  readonly problem?: string;
  /** False when nothing was tried: the attempt does not count. */
  readonly isTried?: boolean;
}

/**
 * Declares a listener: `listeners/<name>/listener.ts` exports one as `listener`, and no other part has to know of it.
 * Each fact has its effect once: a fact that is delivered again is dropped before `apply` sees it.
 */
export interface Listener {
  /** The folder's name. The durable consumer, which remembers what was acknowledged, has the same name. */
  readonly name: string;
  /** One sentence for people: what it does with what it hears. */
  readonly about: string;
  /**
   * The PostgreSQL schema of its inbox and its own tables. No other part writes to it, but for `app/` when people
   * decide something about it.
   */
  readonly schema: string;
  /**
   * The facts that it hears; or an area, or all: then it hears every fact of it, also those that only a newer version
   * knows.
   */
  readonly reads: Reads | FactArea | 'all';
  /**
   * `every-fact-of-a-key`: the facts of a key come in their sequence without gaps; one that is early waits, and so do
   * those behind a dead letter. `some-facts`: facts come in any order, each once; they pass a dead letter.
   */
  readonly follows: 'every-fact-of-a-key' | 'some-facts';
  /**
   * Its beginning when it starts first: with the oldest fact that the stream holds (by default), with those that come
   * from now on, or with those that happened at an instant (RFC 3339) or later, as `{ from: '2026-11-23T00:00:00Z' }`.
   */
  readonly begins?: Beginning;
  /**
   * After so many failures of `apply` a fact becomes a dead letter, which comes back when it is repaired. 5 by default.
   */
  readonly deadLetterAfter?: number;
  /** SQL that makes its tables. It runs at every start. */
  readonly tables: string;
  /**
   * `rebuild`: its effect is its own tables alone, which are emptied and made again from the oldest fact. `again`: from
   * any point, every effect happens once more. Left out, it cannot be played again.
   */
  readonly replay?: 'rebuild' | 'again';
  /** The receivers of its messages; none by default. At NATS its user may do no more. */
  readonly sends?: readonly Outgoing['to'][];
  /**
   * The effect of one fact. It must use this transaction only: when anything fails, it is rolled back and done again.
   */
  apply(tx: Transaction, fact: Fact): Promise<void>;
  /**
   * Delivers a message of the listener's own. Resolves when the message is done with; when it rejects, it is tried
   * again after a pause that grows, or when it says so. `held-back`: it has seen to `due_at` of the message itself.
   */
  deliver?(message: OwnDelivery): Promise<void | Postponed | 'held-back'>;
}

/**
 * The listener as it stands; its `apply` sees the fields of the facts that it has said it reads, and no others. The
 * base gives it no other facts than these, which its type cannot say.
 */
export const defineListener = <const Of extends Reads>(
  listener: Omit<Listener, 'reads' | 'apply'> & {
    readonly reads: Of;
    apply(tx: Transaction, fact: Heard<Of>): Promise<void>;
  },
): Listener => listener as unknown as Listener;

/**
 * The subjects of its facts. Who follows every fact of a key gets all facts of the area, and passes over the others.
 */
export function subjectsOf({ reads, follows }: Pick<Listener, 'reads' | 'follows'>): readonly string[] {
  if (reads === 'all') return factStream.subjects;
  if (typeof reads === 'string') return [`${reads}.fact.>`];
  const names = Object.keys(reads) as FactName[];
  if (follows === 'some-facts') return names.map((name) => `${factAreas[name]}.fact.${name}.*`);
  return [...new Set(names.map((name) => `${factAreas[name]}.fact.>`))];
}

/** True for a fact that the listener is to see. One from before its beginning may come when it is published again. */
export const hears = (
  { reads, begins }: Pick<Listener, 'reads' | 'begins'>,
  { name, time }: Pick<Fact, 'name' | 'time'>,
): boolean =>
  (typeof reads === 'string' || Object.hasOwn(reads, name)) &&
  (typeof begins !== 'object' || Date.parse(time) >= Date.parse(begins.from));
