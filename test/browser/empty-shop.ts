import type { CaseView } from '../../dashboard/server/api/cases.ts';
import type { FlowSnapshot } from '../../dashboard/server/api/flow.ts';
import type { OrderRow } from '../../contracts/views.ts';
import type { ReturnRow } from '../../dashboard/server/api/people.ts';
import type { Shop } from '../../dashboard/server/ports.ts';

const notAsked = (): Promise<never> => Promise.reject(new Error('No test has said what the shop answers here.'));

/** A system in which nothing flows. */
export const emptyFlow: FlowSnapshot = {
  at: new Date().toISOString(),
  queue: null,
  deliveries: null,
  channels: [],
  listeners: [],
  outbox: null,
  classes: [],
  unreachable: [],
};

/** A shop in which nothing is. */
export const emptyShop = (): Shop => ({
  cases: {
    page: () => Promise.resolve({ cases: [], next: null, open: 0 }),
    one: notAsked,
    check: () => Promise.resolve([]),
    act: notAsked,
  },
  orders: {
    page: () => Promise.resolve({ orders: [], next: null, total: { count: 0, isExact: true } }),
    one: notAsked,
    act: notAsked,
  },
  bulk: { list: notAsked, preview: notAsked, run: notAsked, control: notAsked, report: notAsked },
  mails: { page: () => Promise.resolve({ mails: [], next: null }), one: notAsked },
  returns: { list: () => Promise.resolve({ returns: [], waiting: 0, approvals: 0 }), act: notAsked },
  webhooks: {
    list: () => Promise.resolve({ webhooks: [] }),
    add: notAsked,
    change: notAsked,
    rotate: notAsked,
    on: notAsked,
    off: notAsked,
    remove: notAsked,
  },
  measurements: { list: () => Promise.resolve({ measurements: [] }), chart: notAsked },
  channels: { brake: notAsked, release: notAsked },
  listeners: { pause: notAsked, resume: notAsked, replay: notAsked },
  flow: () => Promise.resolve(emptyFlow),
});

/** A case that waits for a person. */
export function caseWith(caseId: string, text: string, given: Partial<CaseView> = {}): CaseView {
  return {
    caseId,
    state: 'waiting',
    reason: 'bad-body',
    message: `The body of ${caseId} does not fit.`,
    rule: null,
    subject: 'customer.event.place-order',
    consumer: 'customer-event-queue',
    customerId: 'c-1',
    owner: null,
    openedAt: new Date().toISOString(),
    waitingSince: null,
    closedAt: null,
    resubmissions: 0,
    workflowId: `repair/${caseId}`,
    headers: {},
    correctable: ['ce-type', 'ce-time', 'ce-partitionkey'],
    original: { text, bytes: text.length, isUtf8: true, isCut: false },
    proposal: null,
    problems: [],
    possible: ['resubmit', 'discard', 'take'],
    history: [],
    ...given,
  };
}

/** An order of the table: the newest has the number 0. */
export const orderRow = (number: number, given: Partial<OrderRow> = {}): OrderRow => ({
  orderId: `ord-${String(number).padStart(20, '0')}`,
  requestId: `req-${number}`,
  workflowId: `order/req-${number}`,
  customerId: 'c-1',
  mediatorClass: 'hard',
  state: 'open',
  step: 1,
  holdReason: null,
  heldSince: null,
  total: { amount: 1_990 + number, currency: 'EUR' },
  receivedAt: new Date(Date.now() - number * 1_000).toISOString(),
  finishedAt: null,
  ...given,
});

/** A return whose parcel has arrived. */
export const returnRow = (requestId: string, given: Partial<ReturnRow> = {}): ReturnRow => ({
  requestId,
  orderId: 'ord-00000000000000000001',
  customerId: 'c-1',
  state: 'awaiting-inspection',
  reason: 'It came twice.',
  lines: [{ isbn: '9780134685991', quantity: 3, title: 'Effective Java', price: { amount: 4590, currency: 'EUR' } }],
  amount: null,
  since: new Date().toISOString(),
  deadline: null,
  workflowId: `return/${requestId}`,
  inspected: null,
  trouble: null,
  actions: [],
  ...given,
});
