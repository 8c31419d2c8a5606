/*
 * The contract between page and server. JSON in both directions; every change is a POST with
 * `content-type: application/json` and the anti-forgery token in the header `x-csrf-token`. The files beside this one
 * hold the bodies, by area.
 *
 *   GET  /api/session                 Session
 *   POST /api/session/login           Login            → Session       only when `isLoginNeeded`
 *   POST /api/session/actor           NameActor        → Session       names the actor; a change is refused without one
 *   GET  /api/live                    server-sent events, see LiveEvents
 *
 *   GET  /api/cases?state&after&limit                  → CasePage      state: `open`, `all`, or one of `caseStates`
 *   GET  /api/cases/:id               CaseView
 *   POST /api/cases/:id/check         EditedMessage    → CheckedMessage  changes nothing
 *   POST /api/cases/:id/resubmit      ResubmitCase     → CaseTaken     400 when it does not fit, 409 when `seen` is old
 *   POST /api/cases/:id/discard       DiscardCase      → CaseTaken
 *   POST /api/cases/:id/take          {}               → CaseTaken
 *
 *   GET  /api/orders?state&holdReason&q&sort&cursor&limit → OrderPage   see OrderQuery
 *   GET  /api/orders/:id              OrderDetails
 *   POST /api/orders/:id/:action      OrderActionBodies[action] → ActionTaken
 *   POST /api/bulk/preview            BulkRequest      → BulkPreview
 *   GET  /api/bulk                    BulkList         those that run, and the last ones that have ended
 *   POST /api/bulk/:id/run            RunBulk          → BulkProgress  202; a workflow continues, live event `bulk`
 *   POST /api/bulk/:id/:control       {}               → BulkProgress  `pause`, `resume` or `stop`
 *   GET  /api/bulk/:id?offset         BulkReport       each order before and now
 *
 *   GET  /api/flow                    FlowSnapshot
 *   POST /api/channels/:name/brake    { reason }       → { brake }     a channel; the actor is the session's
 *   POST /api/channels/:name/release  { perSecond? }   → { brake }     the next step without it; null: no brake
 *   GET  /api/mails?q&cursor&limit    MailPage
 *   GET  /api/mails/:requestId        MailView
 *   GET  /api/returns?waiting=true    ReturnList
 *   POST /api/returns/:requestId/:action  ReturnActionBodies[action] → ReturnActionTaken
 *
 *   GET  /api/webhooks                WebhookList
 *   POST /api/webhooks                WebhookActions['add'] → WebhookSecret  the actor is the session's, also below
 *   POST /api/webhooks/:id/:action    WebhookActions[action] → Webhook; `rotate` → WebhookSecret
 *
 * Approvals that wait are orders held for `approval`: /api/orders?holdReason=approval&sort=waiting, decided by the
 * action `approve` or `cancel`.
 */

/** Header that carries the anti-forgery token on every change. */
export const forgeryHeader = 'x-csrf-token';

/** The session of a browser. Read first, and again after 403 `forged` (the server's cookie was lost). */
export interface Session {
  /** For the header `x-csrf-token` of every change. */
  readonly csrfToken: string;
  /** The desk's token has to be given first: everything but the session answers 401 `login-needed`. */
  readonly isLoginNeeded: boolean;
  /** The name of the actor; null before it was given. */
  readonly actor: string | null;
  /** The address of Temporal's Web UI, to be followed by an encoded workflow id; null when it is not configured. */
  readonly workflowLinkBase: string | null;
}

export interface Login {
  readonly token: string;
}

export interface NameActor {
  /** 1 to 64 characters on one line. */
  readonly actor: string;
}

/** The body of every answer from 400 on. */
export interface ApiError {
  readonly error: {
    readonly code: ApiErrorCode;
    /** One sentence or two for people. */
    readonly message: string;
    /** The problems by field, with `bad-input`. */
    readonly problems?: readonly ApiProblem[];
  };
}

/**
 * 400 bad-input, actor-missing · 401 login-needed · 403 forged (token missing or stale, or another origin) · 404
 * not-found · 409 refused (does not fit the state; nothing has changed) · 413 too-large · 429 too-many · 500 internal
 * · 503 unreachable (nothing was done) · 504 not-known (it may have been done)
 */
export type ApiErrorCode =
  | 'bad-input'
  | 'actor-missing'
  | 'login-needed'
  | 'forged'
  | 'not-found'
  | 'refused'
  | 'too-large'
  | 'too-many'
  | 'internal'
  | 'unreachable'
  | 'not-known';

/** A problem with one field, by its path: `lines[0].quantity`. */
export interface ApiProblem {
  readonly field: string;
  readonly message: string;
}

/** The names of the server-sent events of /api/live. */
export const liveEvents = ['hello', 'cases', 'orders', 'returns', 'flow', 'bulk'] as const;

export type LiveEventName = (typeof liveEvents)[number];

/** The data of each event, as JSON. Changes are sent once a second: they say what to read again, not what it is now. */
export interface LiveEvents {
  /** The first event of every connection: read again what is shown, since missed events are not sent later. */
  hello: { readonly server: string };
  /** These cases changed (newest last, at most 100; more when `isCut`). */
  cases: { readonly changed: readonly string[]; readonly isCut: boolean; readonly open: number };
  /** These orders changed: at most 100, more when `isCut`. */
  orders: { readonly changed: readonly string[]; readonly isCut: boolean };
  /**
   * An open return changed, or the number of orders that wait for an approval: `waiting` returns, `approvals` orders.
   */
  returns: { readonly waiting: number; readonly approvals: number };
  /** A whole FlowSnapshot (api/flow.ts), every two seconds. */
  flow: object;
  /** A BulkProgress, twice a second while one runs that was looked at. */
  bulk: object;
}
