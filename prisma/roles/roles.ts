import { processorNames, type ProcessorName } from '../../contracts/command-routes.ts';
import { mediatorRoles } from './mediator-roles.ts';
import { all, appendAudit, openCase, recordFact, type DatabaseRole } from './role.ts';

export type { DatabaseRole } from './role.ts';

/** Of a listener: the schema that it owns. */
export interface ListenerSchema {
  readonly name: string;
  readonly schema: string;
  /** True when it sends messages to the open orders of a customer. */
  readonly findsOrders?: boolean;
}

/** The role of a listener. */
export const listenerRole = (listener: string): string => `listener-${listener}`;

/** Processors own a schema each. Inventory and warehouse keep a rule together, under one lock (`kit/on-order.ts`). */
const ofOthers: { readonly [Name in ProcessorName]?: DatabaseRole['may'] } = {
  inventory: { 'warehouse.purchase_order': 'SELECT, INSERT', 'warehouse.reorder_rule': 'SELECT' },
  warehouse: {
    'inventory.stock': 'SELECT, INSERT, UPDATE',
    'inventory.waiting': 'SELECT',
    'inventory.booked_delivery': 'SELECT',
    'outbox.fact': 'SELECT (name, body, time)',
  },
};

const processor = (name: ProcessorName): DatabaseRole => ({
  name,
  about: `reads and writes its own schema${ofOthers[name] ? ', and keeps with the other of the two that titles are on order' : ''}; tells facts`,
  may: { [name.replaceAll('-', '_')]: all, ...ofOthers[name] },
  calls: [recordFact],
});

/** The contents of an order: its customer's mark among them, and nothing else of the customer. */
const orderContents = {
  'order_placement.placed_order': 'SELECT',
  'order_placement.order_line': 'SELECT',
  'order_placement.customer': 'SELECT (customer_id, unreachable_since)',
  'shipping.shipment': 'SELECT',
};

const orderColumns =
  'order_id, request_id, workflow_id, customer_id, mediator_class, state, outcome, reason, total_amount, currency, received_at, finished_at, steps, open_holds, body_hash';
/** A row of the table of orders, without its event, which has a card token. */
const orderRow = `SELECT (${orderColumns})`;

/** As `orderRow`; it may also have an order's mediator in the compact lane hear an action before its next step. */
const orderRowToActOn = `SELECT (${orderColumns}, policy), UPDATE (interrupted_at)`;

const beside: readonly DatabaseRole[] = [
  {
    name: 'bulk',
    about: 'reads the rows of orders, without their events, and marks those that it acts on',
    may: {
      'mediator_store.flow': orderRowToActOn,
      'mediator_store.hold': 'SELECT',
      'order_placement.placed_order': 'SELECT',
      'outbox.fact': 'SELECT (key, name)',
    },
  },
  {
    name: 'ask',
    about: 'reads the rows of orders without their events, what is in them, their facts, and free stock',
    may: {
      'mediator_store.flow': orderRow,
      'mediator_store.hold': 'SELECT',
      'mediator_store.action': 'SELECT',
      ...orderContents,
      'inventory.stock': 'SELECT',
      'order_timeline.fact': 'SELECT',
    },
  },
  {
    name: 'relay',
    about: 'reads facts and marks them as published',
    may: {
      'outbox.fact': 'SELECT, UPDATE (stream_sequence, published_at, times_lost, unpublishable)',
      'outbox.stream': 'SELECT, INSERT, UPDATE',
    },
  },
  {
    name: 'deliveries',
    about: 'reads purchase orders and what was booked of them; opens cases',
    may: { 'warehouse.purchase_order': 'SELECT', 'inventory.booked_delivery': 'SELECT', ...openCase },
    calls: [appendAudit],
  },
  {
    name: 'intake',
    about: 'records the events of the queue, under a claim; opens cases',
    may: {
      'mediator_store.initiating_event': 'SELECT, INSERT, UPDATE',
      'mediator_store.intake_claim': 'SELECT, INSERT, UPDATE',
      'mediator_store.flow': 'SELECT (request_id, body_hash, outcome)',
      ...openCase,
    },
    counts: ['mediator_store.event_position'],
    calls: [appendAudit],
  },
];

/** A person at the desk or at the command line sees these: orders, cases and events, with the card tokens in them. */
const shown = {
  mediator_store: 'SELECT',
  'mediator_store.flow': 'SELECT, UPDATE (interrupted_at)',
  'mediator_store.channel_brake': 'INSERT',
  returns: 'SELECT',
  repair: 'SELECT',
  'outbox.fact': 'SELECT',
  ...orderContents,
  'inventory.stock': 'SELECT',
  'notification.mail': 'SELECT',
  'order_timeline.fact': 'SELECT',
  'email_analytics.mails_per_day': 'SELECT',
  'customer_status.order': 'SELECT',
  'webhooks.endpoint': all,
  'webhooks.outgoing': 'SELECT, UPDATE, DELETE',
};

const people: readonly DatabaseRole[] = [
  ...['desk', 'client'].map((name) => ({
    name,
    about: 'reads what people are shown, cases with their messages among it, manages webhooks, and brakes channels',
    may: shown,
    counts: ['mediator_store.channel_brake_position_seq'],
    calls: ['repair.audit_hash'],
  })),
  {
    name: 'administrator',
    about:
      'empties the tables and inboxes of listeners that are played again; begins epochs after a restore, reads orders without their events, tells what they are, and opens cases',
    may: {
      'outbox.fact': 'SELECT (id, key, name, epoch, sequence, time)',
      'outbox.counter': 'SELECT (key, epoch)',
      'outbox.epoch': 'SELECT, INSERT',
      'mediator_store.flow': orderRow,
      'mediator_store.hold': 'SELECT',
      ...orderContents,
      ...openCase,
      '*': 'TRUNCATE',
      '*.listener': 'SELECT',
      '*.inbox_seen': 'SELECT, DELETE',
      '*.inbox_position': 'SELECT, UPDATE',
    },
    calls: [recordFact, appendAudit],
  },
];

const listener = ({ name, schema, findsOrders = false }: ListenerSchema): DatabaseRole => ({
  name: listenerRole(name),
  about: `reads and writes the tables of its own schema; opens cases, and sees no others than its own; tells facts${findsOrders ? "; finds a customer's open orders, if it sends them messages" : ''}`,
  may: {
    [schema]: all,
    ...openCase,
    ...(findsOrders
      ? { 'mediator_store.flow': 'SELECT (workflow_id, customer_id, finished_at, received_at, request_id)' }
      : {}),
  },
  rows: { 'repair.case': `consumer = 'listener:${name}'` },
  calls: [recordFact, appendAudit],
});

/** The roles of a database: one for each part of the system that works in it, and one for each listener. */
export const databaseRoles = (listeners: readonly ListenerSchema[]): readonly DatabaseRole[] => [
  ...processorNames.map(processor),
  ...mediatorRoles,
  ...beside,
  ...listeners.map(listener),
  ...people,
];

/** The roles that a component of `npm run worker` works as. */
export const rolesOfComponent = (component: string): readonly string[] => {
  if (component === 'compact') return ['order-mediator', ...processorNames];
  if (component === 'order-mediator') return [component, 'reconciler'];
  if (component === 'returns-mediator') return [component, 'pruning'];
  return [component.replace(':', '-')];
};
