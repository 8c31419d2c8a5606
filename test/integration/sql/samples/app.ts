import * as listeners from '../../../../app/listeners.ts';
import { epochsOf, unknownFacts } from '../../../../app/restore/lost-facts.ts';
import { tellRestored } from '../../../../app/restore/mend.ts';
import { flowOf, unfinishedFlows } from '../../../../app/restore/order-workflows.ts';
import { beginEpoch, greatestHeard } from '../../../../app/restore-check.ts';
import { auditTrail } from '../../../../app/reads/audit.ts';
import { recordBrake } from '../../../../app/reads/channel-brakes.ts';
import { casePage, caseWithMessage } from '../../../../app/reads/cases.ts';
import { interruptOrder, placedOrder } from '../../../../app/reads/compact.ts';
import { deliveryOf } from '../../../../app/reads/deliveries.ts';
import { changes } from '../../../../app/reads/changes.ts';
import { outboxFacts, timelineFacts, whetherTableExists } from '../../../../app/reads/facts.ts';
import { findMail, keptMails, mailTable } from '../../../../app/reads/mails.ts';
import { orderContents, presentShipTo, recordedActions } from '../../../../app/reads/order-details.ts';
import { countedOrders } from '../../../../app/reads/order-filter.ts';
import { orderLines, orderTable, orderTableRows, type OrderPlace } from '../../../../app/reads/order-table.ts';
import { findOrder, heldOrders, listOrders, orderRecords } from '../../../../app/reads/orders.ts';
import { freePieces } from '../../../../app/reads/stock.ts';
import { findReturn, listReturns, orderedTitles, returnRecords } from '../../../../app/reads/returns.ts';
import { webhookRows } from '../../../../app/reads/webhooks.ts';
import * as webhooks from '../../../../app/webhook-rows.ts';
import { caseOfEvent } from '../../../../demo/queued-order.ts';
import { sql } from '../../../../prisma/sql.ts';
import type { Query, SqlRunner, Statement } from '../../../../prisma/statement.ts';
import { sample, type Sample } from '../describe.ts';

/** The query that a read sends: its text is put together of parts that the read does not show. */
function sampleOf<Args extends readonly unknown[], Row>(
  { statement, columns }: Statement<Args, Row>,
  read: (on: SqlRunner) => unknown,
): Sample {
  const queries: Query<unknown>[] = [];
  void read({
    run: (query) => (queries.push(query), Promise.resolve([])),
    execute: (query) => (queries.push(query), Promise.resolve(0)),
  });
  const [query] = queries;
  if (!query) throw new Error(`Nothing was sent of ${statement}.`);
  return { statement, columns, query };
}

const openedAt = '2026-01-01T00:00:00Z';
const place: OrderPlace = {
  receivedAt: openedAt,
  requestId: 'r-1',
  customerId: 'c-1',
  heldSince: openedAt,
  holdId: 'h',
};
const filters = [{}, { state: 'held', holdReason: 'payment', q: 'c-1' }, { q: 'ord-1' }] as const;
const sorts = ['newest', 'oldest', 'customer', 'waiting'] as const;

export const samples = [
  sample(auditTrail, 'case-1'),
  sample(casePage, { limit: 1 }),
  sample(casePage, { limit: 1, state: 'open' }),
  sample(casePage, { limit: 1, state: 'waiting', after: { openedAt, caseId: 'case-1' } }),
  sample(caseWithMessage, 'case-1'),
  sample(recordBrake, { channel: 'payment-queue', perSecond: 0, reason: 'The gateway is away.', actor: 'Ada' }),
  sample(recordBrake, { channel: 'payment-queue', perSecond: null, reason: 'The gateway is away.', actor: 'Ada' }),
  sample(changes, { fact: '1', audit: '1', at: openedAt }, 10),
  sample(outboxFacts, 'ord-1'),
  sample(timelineFacts, 'ord-1'),
  sample(whetherTableExists, 'outbox.fact'),
  sample(unknownFacts, [{ id: '00000000-0000-4000-8000-000000000001', key: 'ord-1', epoch: 1, sequence: 1 }]),
  sample(epochsOf, ['ord-1']),
  sample(tellRestored, { orderId: 'ord-1', state: 'unknown', holds: [], facts: [], shipment: null }),
  sample(unfinishedFlows),
  sample(flowOf, 'ord-1'),
  sample(greatestHeard, 'order_timeline'),
  sample(beginEpoch, 2),
  sample(listeners.listenerReplay, 'email_analytics'),
  sample(listeners.ownTables, 'email_analytics'),
  sample(listeners.truncation, ['email_analytics.mails_per_day', 'email_analytics.inbox_seen']),
  sample(listeners.forgetSeen, 'email_analytics', null),
  sample(listeners.forgetPositions, 'email_analytics', '2026-11-23T10:15:30.250Z'),
  sampleOf(keptMails, (on) => findMail(on, 'r-1')),
  sampleOf(keptMails, (on) => mailTable(on, { after: null, limit: 1 })),
  sampleOf(keptMails, (on) => mailTable(on, { q: 'c-1', after: { intendedAt: openedAt, requestId: 'r' }, limit: 1 })),
  sample(orderContents, 'ord-1'),
  sample(presentShipTo, 'ord-1'),
  sample(recordedActions, 'ord-1'),
  ...filters.map((filter) => sample(countedOrders, filter, 10)),
  sampleOf(orderRecords, (on) => findOrder(on, 'ord-1')),
  sampleOf(orderRecords, (on) => listOrders(on, { limit: 1 })),
  sampleOf(orderRecords, (on) => listOrders(on, { limit: 1, state: 'open' })),
  sampleOf(orderRecords, (on) => heldOrders(on, { limit: 1 })),
  sampleOf(orderRecords, (on) => heldOrders(on, { limit: 1, reason: 'stock' })),
  ...sorts.flatMap((sort) =>
    [null, place].map((after) =>
      sampleOf(orderTableRows, (on) => orderTable(on, { filter: { q: 'ord-1' }, sort, after, limit: 1 })),
    ),
  ),
  sampleOf(orderTableRows, (on) => orderLines(on, ['ord-1'])),
  sample(freePieces, ['9780134685991']),
  sample(placedOrder, 'req-00000001', 'hash'),
  sample(interruptOrder, 'ord-1'),
  sample(deliveryOf, { purchaseOrderId: 'po-1', deliveryId: 'po-1-1', quantity: 1 }),
  sample(orderedTitles, ['ord-1']),
  sampleOf(returnRecords, (on) => findReturn(on, 'r-1')),
  sampleOf(returnRecords, (on) => listReturns(on, { limit: 1 })),
  sampleOf(returnRecords, (on) => listReturns(on, { limit: 1, waiting: true })),
  sample(caseOfEvent, 'demo-1'),
  sample(webhookRows, sql`true`),
  sample(
    webhooks.insertWebhook,
    { id: 'wh_1', url: 'https://example.com/', takes: ['all'], actor: 'Ada' },
    'whsec_',
    100,
  ),
  sample(webhooks.updateWebhook, 'wh_1', { url: null, takes: ['all'], actor: 'Ada' }),
  sample(webhooks.rotateSecret, 'wh_1', { secret: 'whsec_', keepForMs: 1, actor: 'Ada' }),
  sample(webhooks.switchOn, 'wh_1', 'Ada'),
  sample(webhooks.releaseMessages, 'wh_1'),
  sample(webhooks.switchOff, 'wh_1', 'It is replaced.', 'Ada'),
  sample(webhooks.holdMessages, 'wh_1'),
  sample(webhooks.deleteWebhook, 'wh_1'),
  sample(webhooks.deleteMessages, 'wh_1'),
];
