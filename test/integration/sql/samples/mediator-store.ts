import { markDeadLettered, markStarted, openEvents } from '../../../../activities/mediator-store/customer-events.ts';
import {
  completeAgain,
  completeEvent,
  eventToRefuse,
  markRefused,
} from '../../../../activities/mediator-store/event-records.ts';
import { seeObstacles } from '../../../../activities/mediator-store/compact-orders.ts';
import { compensateOrder, noteAmendment, recordAction } from '../../../../activities/mediator-store/order-actions.ts';
import { holdOrder, resumeOrder } from '../../../../activities/mediator-store/order-holds.ts';
import { finishOrder, openOrder, readOrder, withdrawOrder } from '../../../../activities/mediator-store/order-rows.ts';
import {
  finishReturn,
  noteReturn,
  openReturn,
  readReturn,
  recordReturnAction,
  withdrawReturn,
} from '../../../../activities/mediator-store/return-records.ts';
import {
  openOrdersOf,
  unfinishedOrder,
  unfinishedPage,
} from '../../../../activities/mediator-store/unfinished-orders.ts';
import { overdueCustomers, startedMessage, startedPage } from '../../../../activities/reconciler/started-events.ts';
import { loadOrderPolicy } from '../../../../config/order-policy.ts';
import { loadReturnPolicy } from '../../../../config/return-policy.ts';
import { anOrder } from '../../../support/shop.ts';
import { sample } from '../describe.ts';

const about = { requestId: 'req-00000001', orderId: 'ord-1' };
const now = '2026-01-01T00:00:00Z';
const event = anOrder();
const received = {
  event,
  bodyHash: 'hash',
  mediatorClass: 'hard',
  policy: loadOrderPolicy({}),
  workflowId: 'order/req-00000001',
} as const;
const hold = {
  holdId: 'ord-1/apply-payment/1@now',
  reason: 'payment',
  step: 2,
  command: 'apply-payment',
  message: 'Declined.',
  help: 'Pay.',
  since: now,
  deadline: now,
} as const;
const action = { ...about, actionId: 'update-1', action: 'pay', actor: null, details: {} } as const;
const refusal = { workflowId: 'order/req-00000001', refusal: 'UnknownTitle', message: 'No.' } as const;
const amount = { amount: 100, currency: 'EUR' } as const;
const asked = { requestId: 'ret-00000001', orderId: 'ord-1', customerId: 'c-1', lines: event.lines, reason: 'Torn.' };
const noted = {
  requestId: 'ret-00000001',
  state: 'refunding',
  since: now,
  deadline: null,
  reminders: 0,
  trouble: null,
} as const;
const key = { source: 'shop', eventId: 'evt-1' };

export const samples = [
  sample(seeObstacles, 'req-00000001'),
  sample(openOrder, received),
  sample(readOrder, about.requestId),
  sample(withdrawOrder, { requestId: about.requestId, refused: { customerId: 'c-1', reason: 'UnknownTitle' } }),
  sample(withdrawOrder, { requestId: about.requestId }),
  sample(withdrawReturn, { requestId: 'return-1', refused: { customerId: 'c-1', reason: 'NotReturnable' } }),
  sample(finishOrder, { ...about, outcome: 'completed', reason: null, total: amount, steps: [] }),
  sample(holdOrder, { ...about, hold, rounds: {} }),
  sample(resumeOrder, { ...about, hold, by: 'pay', rounds: {} }),
  sample(recordAction, action),
  sample(recordAction, { ...action, event, amendments: 1, rounds: {}, compensating: 'Cancelled.' }),
  sample(noteAmendment, { ...about, amendment: null, rounds: {} }),
  sample(compensateOrder, { ...about, reason: 'Cancelled.' }),
  sample(openOrdersOf, 'c-1'),
  sample(unfinishedOrder, 'ord-1'),
  sample(unfinishedPage, undefined),
  sample(unfinishedPage, { receivedAt: now, requestId: about.requestId }),
  sample(completeEvent, { workflowId: 'order/req-00000001', outcome: 'completed' }),
  sample(completeAgain, { workflowId: 'order/req-00000001', bodyHash: 'hash' }, 'completed'),
  sample(eventToRefuse, refusal),
  sample(eventToRefuse, { ...refusal, bodyHash: 'hash' }),
  sample(eventToRefuse, { ...key, refusal: 'UnknownTitle', message: 'No.' }),
  sample(markRefused, refusal, key, 'case-1'),
  sample(markRefused, { ...refusal, bodyHash: 'hash' }, key, 'case-1'),
  sample(openReturn, {
    event: asked,
    bodyHash: 'hash',
    workflowId: 'return/ret-00000001',
    policy: loadReturnPolicy({}),
  }),
  sample(readReturn, asked.requestId),
  sample(noteReturn, noted),
  sample(recordReturnAction, { ...noted, actionId: 'update-1', action: 'approve', actor: 'Kim', details: {} }),
  sample(finishReturn, { requestId: asked.requestId, outcome: 'completed', refunded: amount }),
  sample(startedPage, undefined),
  sample(startedPage, { ...key, startedAt: now }),
  sample(startedMessage, key),
  sample(overdueCustomers),
  sample(openEvents, 'c-1', null, 16),
  sample(openEvents, 'c-1', { source: 'shop', id: 'evt-1' }, 16),
  sample(markStarted, [{ ...key, hasEnded: false }]),
  sample(markDeadLettered, key, 'case-1'),
];
