import type { FactBodies } from '../fact-bodies.ts';
import type { FactArea, FactName } from '../facts.ts';

/**
 * An endpoint of a receiver that gets facts by HTTP. Its secrets are shown once, when they are made, and never again.
 */
export interface Webhook {
  /** `wh_` and 16 hexadecimal digits. */
  readonly id: string;
  readonly url: string;
  /** The facts that it gets: by name, by area, or `all`. */
  readonly takes: readonly string[];
  readonly state: WebhookState;
  /** The reason why it is off; null while it is on. */
  readonly reason: string | null;
  /** The instant since which it is on or off, ISO 8601 like all others. */
  readonly since: string;
  /** The first failure since the last message that it took; null when there is none. */
  readonly failingSince: string | null;
  /** The last failure since then, as a sentence. */
  readonly problem: string | null;
  readonly deliveredAt: string | null;
  /** Messages that were given up, because it took others and never this one. */
  readonly givenUp: number;
  /** Messages that wait for it. */
  readonly waiting: number;
  /** The previous secret signs as well until then; null when there is none. */
  readonly previousSecretUntil: string | null;
  readonly addedAt: string;
  readonly changedBy: string;
  readonly changedAt: string;
}

export const webhookStates = ['on', 'off'] as const;

export type WebhookState = (typeof webhookStates)[number];

/** Why the sender itself has switched an endpoint off: it said 410 Gone, or it has failed for days. */
export type SwitchOffReason = FactBodies['webhook-switched-off']['reason'];

/** A webhook with the secret that was made for it: `whsec_` and Base64. */
export interface WebhookSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** Each endpoint has a few messages under way at once, so that there cannot be any number of them. */
export const mostWebhooks = 100;

/** The facts that a webhook may take. */
export type WebhookTakes = FactName | FactArea | 'all';

/** The actions of people on a webhook. `actor` is the name of who does it. */
export interface WebhookActions {
  add: { readonly url: string; readonly takes: readonly WebhookTakes[]; readonly actor: string };
  /** A part that is left out stays. */
  change: { readonly url?: string; readonly takes?: readonly WebhookTakes[]; readonly actor: string };
  /** The previous secret signs as well for so long, at most 30 days; `0 days` ends it at once. */
  rotate: { readonly keepFor: string; readonly actor: string };
  on: { readonly actor: string };
  off: { readonly reason: string; readonly actor: string };
  remove: { readonly actor: string };
}

export type WebhookActionName = keyof WebhookActions;
