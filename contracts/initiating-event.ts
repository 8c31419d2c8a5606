import type { Channel } from './channels.ts';
import type { OrderPolicy } from './mediators/order-policy.ts';
import type { ReturnPolicy } from './mediators/returns.ts';

/** The origin of an initiating event. `source` and `id` together are its identity, for ever. */
export interface EventOrigin {
  readonly via: 'client' | 'queue';
  /** `ce-source`; `client` for requests of the command line. */
  readonly source: string;
  /** `ce-id`; the request id for requests of the command line. */
  readonly id: string;
}

/** The classes of initiating events. Simple: one or two commands. Hard: many steps. Complex: people and long waits. */
export const mediatorClasses = ['simple', 'hard', 'complex'] as const;

/** The class of an initiating event. */
export type MediatorClass = (typeof mediatorClasses)[number];

/** The shop's policies. A workflow keeps the one it was started with to its end. */
export interface Policies {
  readonly order: OrderPolicy;
  readonly return: ReturnPolicy;
}

/** An initiating event that was read and checked. */
export interface CheckedEvent<Body = unknown> {
  readonly name: string;
  readonly body: Body;
  /** SHA-256 of the canonical body (RFC 8785), hexadecimal. */
  readonly bodyHash: string;
  readonly origin: EventOrigin;
  /** `ce-time`: when it happened; absent when its producer does not say. RFC 3339. */
  readonly happenedAt?: string | undefined;
  readonly policies: Policies;
}

/**
 * The start of a mediator's workflow, in the words of Temporal's client. The caller adds the channel, which the start
 * may override, and its policies of id reuse.
 */
export interface WorkflowStart {
  readonly workflowId: string;
  readonly args: readonly [unknown];
  /** `bodyHash` tells a repeat from another event under the same id. */
  readonly memo: { readonly bodyHash: string };
  /** Mutable because Temporal's client asks for that. */
  readonly typedSearchAttributes: { key: { name: string; type: 'KEYWORD' }; value: string }[];
  readonly staticSummary: string;
  readonly staticDetails?: string;
  /** Another queue than the mediator's channel. */
  readonly taskQueue?: Channel;
}
