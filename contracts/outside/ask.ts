import type { StockLevel } from '../inventory.ts';
import type { PlaceOrder } from '../place-order.ts';
import type { OrderSummary, Shipment } from '../views.ts';

/* Request-reply over NATS: the questions, their answers, and the headers of both. */

/** The NATS service that answers. Processes that run it share the questions, by the queue group. */
export const askService = {
  name: 'order-mediator',
  version: '1.0.0',
  /** The first words of every question's subject: `orders.ask.stock`. */
  group: 'orders.ask',
  queueGroup: 'orders-ask',
} as const;

/** The headers that count. Their names are read in upper and lower case. */
export const askHeaders = {
  /** Of a question: any token of the asker's, up to `longestCorrelationId` characters. The answer repeats it. */
  correlationId: 'correlation-id',
  /** Of `place-order`: the milliseconds to wait for the order id, a whole number. */
  deadline: 'deadline-ms',
} as const;

export const longestCorrelationId = 256;

/** In milliseconds. A longer one that was asked for is cut to the longest. */
export const askDeadline = { usual: 10_000, longest: 60_000 } as const;

/** The most titles of one `stock`. */
export const mostTitlesAsked = 100;

/** The questions and their answers, by the last word of the subject. */
export interface Questions {
  /**
   * Places an order and answers with its id once step 1 is committed. The same body again gets the same order, for
   * ever.
   */
  'place-order': {
    readonly asked: PlaceOrder;
    readonly answer: { readonly orderId: string; readonly requestId: string; readonly workflowId: string };
  };
  /** Says what an order is now. */
  'order-status': { readonly asked: { readonly orderId: string }; readonly answer: OrderStatus };
  /** Says how many pieces are free of 1 to 100 titles, each asked for once. */
  stock: {
    /** ISBN-13, digits only. */
    readonly asked: { readonly isbns: readonly string[] };
    /** In the order of the question. */
    readonly answer: { readonly titles: readonly TitleStock[] };
  };
}

export type QuestionName = keyof Questions;

export const questionNames: readonly QuestionName[] = ['place-order', 'order-status', 'stock'];

/** An order without names and addresses. */
export interface OrderStatus extends OrderSummary {
  /** Why it was or is being compensated; null otherwise. */
  readonly reason: string | null;
  /** Null until a carrier has the order, and once the shipment was recalled. */
  readonly shipment: Shipment | null;
  /** One sentence when its mediator was silent, so that this is what the mediator store has; null otherwise. */
  readonly note: string | null;
}

export interface TitleStock extends Pick<StockLevel, 'isbn'> {
  /** Free pieces: those put aside for waiting orders do not count. Null for a title that the shop does not keep. */
  readonly onHand: number | null;
}

/**
 * Why there is no answer. `not-known`: an order may have been accepted. `unreachable`: a server is away. `busy`: too
 * many questions are under way. `fault`: an error on our side. The others say that asking again unchanged will not
 * help.
 */
export type AskErrorKind =
  'bad-input' | 'refused' | 'request-id-taken' | 'not-found' | 'not-known' | 'unreachable' | 'busy' | 'fault';

/** The `error` of an answer. */
export interface AskError {
  readonly kind: AskErrorKind;
  /** One sentence or two, for people. It quotes ids, and never a card token, a name or an address. */
  readonly message: string;
  /** With `refused` and `request-id-taken`: the name of the refusal, as `UnknownTitle`. */
  readonly type?: string;
  /** With `bad-input`: every problem, by the field's path, as `lines[0].quantity`. */
  readonly problems?: readonly { readonly field: string; readonly message: string }[];
}

/** An answer: its value is the body of the message; an error is the body `{ "error": … }`. */
export type Answered<Value = unknown> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: AskError };

/** A question as its handler gets it: well-formed JSON, not yet checked against a schema. */
export interface Asked {
  readonly body: unknown;
  readonly deadlineMs: number;
}

/** Answers every question, whichever way it came. A handler that rejects has met a fault or a bug. */
export type AskHandlers = {
  readonly [Name in QuestionName]: (asked: Asked) => Promise<Answered<Questions[Name]['answer']>>;
};
