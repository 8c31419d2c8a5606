import type { ApiProblem } from './api/api.ts';
import type { CasePage, CaseTaken, CaseView } from './api/cases.ts';
import type { FlowSnapshot } from './api/flow.ts';
import type { BulkList, BulkPreview, BulkReport, OrderDetails, OrderPage, OrderQuery, RunBulk } from './api/orders.ts';
import type { MeasurementList } from './api/measurements.ts';
import type { MailPage, MailView, ReturnList } from './api/people.ts';
import type { WebhookList } from './api/webhooks.ts';
import type { BulkActionName, BulkContent, BulkControlName, BulkProgress } from '../../contracts/mediators/bulk.ts';
import type { OrderFilter } from '../../contracts/views.ts';
import type { CaseState } from '../../contracts/mediators/repair.ts';
import type { ActionTaken, OrderActionName, OrderActions } from '../../contracts/mediators/order-actions.ts';
import type { ReturnActionName, ReturnActions, ReturnActionTaken } from '../../contracts/mediators/returns-mediator.ts';
import type { ChannelActions, ChannelBrake } from '../../contracts/channel-brakes.ts';
import type { Webhook, WebhookActions, WebhookSecret } from '../../contracts/outside/webhooks.ts';
import type { CaseActions, CaseActionName, EditedMessage } from '../../contracts/mediators/case-actions.ts';

/**
 * The shop as the desk's routes see it. Every method throws `Failure` or the `AppError` of `app/` when it cannot
 * answer.
 */
export interface Shop {
  readonly cases: Cases;
  readonly orders: Orders;
  readonly bulk: Bulk;
  readonly mails: Mails;
  readonly returns: Returns;
  readonly webhooks: Webhooks;
  readonly listeners: Listeners;
  readonly measurements: Measurements;
  readonly channels: Channels;
  flow(): Promise<FlowSnapshot>;
}

export interface Cases {
  page(query: {
    readonly state: CaseState | 'open' | 'all';
    readonly after?: string;
    readonly limit: number;
  }): Promise<CasePage>;
  /** Throws when there is none. */
  one(caseId: string): Promise<CaseView>;
  /** The problems that a message would have if it were sent back now. */
  check(caseId: string, edited: EditedMessage): Promise<readonly ApiProblem[]>;
  act<Name extends CaseActionName>(caseId: string, name: Name, action: CaseActions[Name]): Promise<CaseTaken>;
}

export interface Orders {
  page(query: OrderQuery): Promise<OrderPage>;
  one(orderId: string): Promise<OrderDetails>;
  act<Name extends OrderActionName>(asked: OrderAsked<Name>): Promise<ActionTaken>;
}

export interface OrderAsked<Name extends OrderActionName = OrderActionName> {
  readonly orderId: string;
  readonly name: Name;
  readonly action: OrderActions[Name];
  /** A new one when it is left out. */
  readonly updateId?: string | undefined;
}

/** A bulk action: one action on many orders. */
export interface BulkAsked {
  readonly action: BulkActionName;
  readonly which: { readonly orderIds: readonly string[] } | { readonly filter: OrderFilter };
  /** The action's own content for one order, but for who acts. */
  readonly content: BulkContent;
}

export interface Bulk {
  list(): Promise<BulkList>;
  preview(asked: BulkAsked): Promise<BulkPreview>;
  /** Begins in the name of the actor, and answers at once. Refused with another count than the preview's. */
  run(id: string, confirmed: RunBulk, actor: string): Promise<BulkProgress>;
  control(id: string, name: BulkControlName, actor: string): Promise<BulkProgress>;
  report(id: string, offset: number): Promise<BulkReport>;
}

export interface Mails {
  page(query: { readonly q?: string; readonly cursor?: string; readonly limit: number }): Promise<MailPage>;
  one(requestId: string): Promise<MailView>;
}

export interface Returns {
  list(waiting: boolean): Promise<ReturnList>;
  act<Name extends ReturnActionName>(
    requestId: string,
    name: Name,
    action: ReturnActions[Name],
    /** A new one when it is left out. */
    updateId?: string,
  ): Promise<ReturnActionTaken>;
}

export interface Webhooks {
  list(): Promise<WebhookList>;
  add(action: WebhookActions['add']): Promise<WebhookSecret>;
  change(id: string, action: WebhookActions['change']): Promise<Webhook>;
  rotate(id: string, action: WebhookActions['rotate']): Promise<WebhookSecret>;
  on(id: string, action: WebhookActions['on']): Promise<Webhook>;
  off(id: string, action: WebhookActions['off']): Promise<Webhook>;
  remove(id: string, action: WebhookActions['remove']): Promise<Webhook>;
}

/** What the lab has measured. */
export interface Measurements {
  list(): Promise<MeasurementList>;
  /** The SVG of a chart by the name of its file. Throws when there is none. */
  chart(name: string): Promise<string>;
}

export interface Listeners {
  pause(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  /** From the oldest fact, or from an instant on, ISO 8601. */
  replay(name: string, from: string | null): Promise<void>;
}

/** The brakes of processors' channels, each by the name of its processor. */
export interface Channels {
  brake(processor: string, action: ChannelActions['brake']): Promise<ChannelBrake | null>;
  /** Null when the brake came off. */
  release(processor: string, action: ChannelActions['release']): Promise<ChannelBrake | null>;
}
