import { processorNames } from '../../../contracts/command-routes.ts';

/** Something that can be done in a database, and the roles that may. Every other role is refused. */
export interface DatabaseDeed {
  readonly about: string;
  /** Each is refused by itself. */
  readonly statements: readonly string[];
  /** `listener-*` stands for the role of every listener. */
  readonly by: readonly string[];
}

const mediators = ['order-mediator', 'customer-mediator', 'returns-mediator'] as const;
const people = ['desk', 'client'] as const;
const openCase = `INSERT INTO repair.case (case_id, consumer, subject, headers, stream_sequence, reason, message) VALUES ('x', 'customer-event-queue', 'x', '{}', 1, 'x', 'x')`;

/** What processors and listeners own, for instance. */
const ofTheirOwn: readonly DatabaseDeed[] = [
  {
    about: 'read or change charges',
    statements: [
      'SELECT order_id FROM payment.charge',
      `UPDATE payment.charge SET amount = 1`,
      'DELETE FROM payment.charge',
    ],
    by: ['payment'],
  },
  {
    about: "read customers' names and addresses",
    statements: ['SELECT name, email FROM order_placement.customer'],
    by: ['order-placement'],
  },
  { about: 'change a price', statements: ['UPDATE order_placement.price SET amount = 1'], by: ['order-placement'] },
  {
    about: 'read free stock',
    statements: ['SELECT on_hand FROM inventory.stock'],
    by: ['inventory', 'warehouse', 'ask', ...people],
  },
  {
    about: 'change free stock',
    statements: ['UPDATE inventory.stock SET on_hand = 1'],
    by: ['inventory', 'warehouse'],
  },
  { about: 'put stock aside for an order', statements: ['DELETE FROM inventory.waiting'], by: ['inventory'] },
  {
    about: 'close a purchase order',
    statements: [`UPDATE warehouse.purchase_order SET state = 'closed'`],
    by: ['warehouse'],
  },
  {
    about: 'read shipments',
    statements: ['SELECT tracking_number FROM shipping.shipment'],
    by: ['shipping', 'ask', 'administrator', ...people],
  },
  {
    about: 'write to the tables of `email-analytics`',
    statements: ['DELETE FROM email_analytics.mails_per_day'],
    by: ['listener-email-analytics'],
  },
  {
    about: 'empty the tables of `email-analytics`',
    statements: ['TRUNCATE email_analytics.mails_per_day'],
    by: ['administrator'],
  },
  {
    about: 'forget what `email-analytics` has heard',
    statements: ['DELETE FROM email_analytics.inbox_seen'],
    by: ['pruning', 'listener-email-analytics', 'administrator'],
  },
  {
    about: 'read the secrets of webhooks',
    statements: ['SELECT secret FROM webhooks.endpoint'],
    by: ['listener-webhooks', ...people],
  },
];

/** The places where card tokens are. */
const tokens: readonly DatabaseDeed[] = [
  {
    about: 'read the card token of an open order',
    statements: ['SELECT working FROM mediator_store.flow'],
    by: ['order-mediator', 'reconciler', ...people],
  },
  {
    about: 'read the message of a recorded event',
    statements: ['SELECT body FROM mediator_store.initiating_event'],
    by: [...mediators, 'workflow-processor', 'reconciler', 'intake', ...people],
  },
  {
    about: 'read the message of a repair case (a listener: of its own cases alone)',
    statements: ['SELECT body FROM repair.case', 'SELECT proposal FROM repair.case', 'SELECT headers FROM repair.case'],
    by: [...mediators, 'workflow-processor', 'intake', 'deliveries', 'listener-*', 'administrator', ...people],
  },
];

const records: readonly DatabaseDeed[] = [
  {
    about: 'tell a fact',
    statements: [`SELECT outbox.record_fact('orders', 'order-created', 'x', '{}')`],
    by: [...processorNames, ...mediators, 'listener-*', 'administrator'],
  },
  {
    about: 'write a fact by hand, or change its sequence or what it says',
    statements: [
      `INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body) VALUES (gen_random_uuid(), 'x', 'orders', 'x', 1, 1, '{}')`,
      `UPDATE outbox.fact SET body = '{}'`,
      'UPDATE outbox.fact SET sequence = 1',
      'UPDATE outbox.counter SET last_sequence = 1',
    ],
    by: [],
  },
  { about: 'read what facts say', statements: ['SELECT body FROM outbox.fact'], by: ['relay', 'warehouse', ...people] },
  { about: 'mark a fact as published', statements: ['UPDATE outbox.fact SET stream_sequence = 1'], by: ['relay'] },
  { about: 'delete facts', statements: ['DELETE FROM outbox.fact'], by: ['pruning'] },
  { about: 'begin an epoch', statements: ['INSERT INTO outbox.epoch (epoch) VALUES (1000)'], by: ['administrator'] },
  {
    about: 'have an order of the compact lane hear an action',
    statements: ['UPDATE mediator_store.flow SET interrupted_at = now()'],
    by: ['order-mediator', 'bulk', ...people],
  },
  { about: 'open an order', statements: [`UPDATE mediator_store.flow SET state = 'open'`], by: ['order-mediator'] },
  {
    about: 'delete a recorded event',
    statements: ['DELETE FROM mediator_store.initiating_event'],
    by: ['order-mediator'],
  },
  {
    about: 'take the claim of the queue',
    statements: [`UPDATE mediator_store.intake_claim SET term = 1`],
    by: ['intake'],
  },
  {
    about: 'see which channels are braked',
    statements: ['SELECT per_second FROM mediator_store.channel_brake'],
    by: ['order-mediator', 'reconciler', ...people],
  },
  {
    about: 'brake or release a channel',
    statements: [`INSERT INTO mediator_store.channel_brake (channel, reason, actor) VALUES ('x', 'x', 'x')`],
    by: [...people],
  },
  {
    about: 'change what was done with a brake',
    statements: ['UPDATE mediator_store.channel_brake SET per_second = 1', 'DELETE FROM mediator_store.channel_brake'],
    by: [],
  },
  { about: 'write a return', statements: ['DELETE FROM returns.return'], by: ['returns-mediator'] },
  {
    about: 'open a repair case of an event (a listener: of its facts alone)',
    statements: [openCase],
    by: [...mediators, 'intake', 'deliveries', 'administrator'],
  },
  { about: 'delete a repair case', statements: ['DELETE FROM repair.case'], by: [] },
  {
    about: 'add to the audit trail by its function',
    statements: [`SELECT repair.append_audit('x', gen_random_uuid()::text, 'taken', 'x', '{}')`],
    by: [...mediators, 'workflow-processor', 'intake', 'deliveries', 'listener-*', 'administrator'],
  },
  {
    about: 'write to the audit trail by hand',
    statements: [
      `INSERT INTO repair.audit SELECT * FROM repair.audit`,
      `UPDATE repair.audit_head SET hash = ''`,
      'DELETE FROM repair.audit',
    ],
    by: [],
  },
];

/** What no part does at run time. */
const ofTheOwner: readonly DatabaseDeed[] = [
  {
    about: 'make, change or drop tables, schemas or functions, temporary ones among them',
    statements: [
      'CREATE TABLE payment.mine (one int)',
      'CREATE TABLE email_analytics.mine (one int)',
      'CREATE TABLE public.mine (one int)',
      'CREATE TEMPORARY TABLE mine (one int)',
      'CREATE SCHEMA mine',
      'ALTER TABLE payment.charge ADD COLUMN card text',
      'ALTER TABLE email_analytics.mails_per_day ADD COLUMN mine text',
      'DROP TABLE payment.charge',
      `CREATE FUNCTION outbox.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'CREATE INDEX ON payment.charge (amount)',
    ],
    by: [],
  },
  {
    about: 'become another role, make one, or read passwords',
    statements: [
      'SET ROLE outbox_recorder',
      'SET ROLE repair_auditor',
      'CREATE ROLE mine',
      'SELECT rolpassword FROM pg_authid',
    ],
    by: [],
  },
  {
    about: "read files of the server's machine",
    statements: [`SELECT pg_read_file('PG_VERSION')`, `COPY outbox.epoch TO '/tmp/epoch'`],
    by: [],
  },
  { about: 'see which migrations were applied', statements: ['SELECT migration_name FROM _prisma_migrations'], by: [] },
];

/** Everything that is tried as every role. */
export const databaseDeeds: readonly DatabaseDeed[] = [...ofTheirOwn, ...tokens, ...records, ...ofTheOwner];
