import { randomUUID } from 'node:crypto';
import type { PlacedOrder } from '../../../app/place.ts';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import { customerBell, customerMediator } from '../../../contracts/mediators/customer-mediator.ts';
import { orderMediator } from '../../../contracts/mediators/order-mediator.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { policyOf } from '../../support/policies.ts';
import { until } from '../../support/until.ts';
import { compactScenarios } from './compact-scenarios.ts';
import { bulkScenarios } from './bulk-scenarios.ts';
import { repairScenarios } from './repair-scenarios.ts';
import { returnScenarios } from './return-scenarios.ts';
import type { Stage } from './stage.ts';

/** Lets one order go through a scenario up to where its end follows by itself, and says which workflow it is. */
export type Scenario = (stage: Stage) => Promise<string>;

const isbn = '9780134685991';
const scarce = '9780201633610';
const jo = { name: 'Jo Berg', email: 'jo.berg@example.com' };
const [operator, customer] = ['Robin', null];
const shipTo = {
  name: 'Anna Lindqvist',
  street: '1 Harbour Street',
  city: 'Hamburg',
  postcode: '20457',
  country: 'DE',
} as const;
const order: Omit<PlaceOrder, 'requestId'> = {
  customerId: 'c-1',
  lines: [{ isbn, quantity: 2 }],
  card: 'card_ok',
  shipTo,
  currency: 'EUR',
};
const declined = { ...order, card: 'card_denied' };
const nobodyDelivers = { ...order, shipTo: { ...shipTo, country: 'AQ' as const } };
const impatient = policyOf({ retryFor: '2 seconds' });

/** Places the order, and lets something happen to it. */
const after =
  (
    content: Omit<PlaceOrder, 'requestId'>,
    happen: (stage: Stage, placed: PlacedOrder) => Promise<void>,
    policy = policyOf(),
  ) =>
  async (stage: Stage) => {
    const placed = await stage.place(content, policy);
    await happen(stage, placed);
    return placed.workflowId;
  };

/** Stops the order while it waits for a table, lets something happen, and lets it go on. */
const stoppedAt =
  (
    table: string,
    step: number,
    happen: (stage: Stage, placed: PlacedOrder) => Promise<void>,
    policy = policyOf(),
    content = order,
  ): Scenario =>
  async (stage) => {
    const letGo = await stage.hold(table);
    try {
      const placed = await stage.place(content, policy);
      await stage.when(placed, `in step ${step}`, (progress) => progress.step === step);
      await happen(stage, placed);
      return placed.workflowId;
    } finally {
      await letGo();
    }
  };

const cancelledBy = (actor: string | null) => (stage: Stage, placed: PlacedOrder) =>
  stage.act(placed, 'cancel', { actor, reason: null });

async function cancelledInStep1({ client, hold, place }: Stage): Promise<string> {
  const letGo = await hold('order_placement.guard');
  const requestId = randomUUID();
  const placing = place({ ...order, requestId } as never);
  const handle = client.workflow.getHandle(orderWorkflowId(requestId));
  while (!(await handle.describe().catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 50));
  await handle.cancel();
  await letGo();
  await placing;
  return handle.workflowId;
}

const isReady = (step: StepRecord) => step.requestId.includes('ready-to-ship') && step.acknowledgedAt !== null;

/** Step 5 is one mail: the mails are stopped while the carrier is, and the carrier is let go first. */
async function cancelledInStep5(stage: Stage): Promise<string> {
  const letShip = await stage.hold('shipping.guard');
  const placed = await stage.place(order, policyOf());
  await stage.when(placed, 'packed and told', ({ steps }) => steps.some(isReady));
  const letMail = await stage.hold('notification.mail');
  await letShip();
  await stage.when(placed, 'in step 5', ({ step }) => step === 5);
  await stage.act(placed, 'cancel', { actor: operator, reason: 'damaged in the depot' });
  await letMail();
  return placed.workflowId;
}

/** The event waits for a repair case, which is discarded. */
async function customerWaited({ client, queue, sql }: Stage): Promise<string> {
  const customerId = `jo-${randomUUID().slice(0, 8)}`;
  await sql(
    `INSERT INTO mediator_store.initiating_event (source, event_id, name, customer_id, body_hash, state, rung_at, place, stream_sequence, position, case_id)
     VALUES ('unreadable', $1, 'address-changed', $1, '', 'dead-lettered', now(), $1, 0, nextval('mediator_store.event_position'), $1)`,
    [customerId],
  );
  const workflowId = await queue('customer-registered', { ...jo, customerId });
  const details = () => client.workflow.getHandle(workflowId).query<{ currentDetails: string }>(metadata);
  await until(async () => (await details()).currentDetails.includes('**Waits**'), { what: 'the customer to wait' });
  await sql(`UPDATE mediator_store.initiating_event SET state = 'discarded' WHERE event_id = $1`, [customerId]);
  await client.workflow.signalWithStart(customerMediator.workflowType, customerBell(customerId));
  return workflowId;
}

const metadata = '__temporal_workflow_metadata';

/** The client's order waits until the change of address before it is done. */
async function orderWaited({ hold, place, queue, sql, client }: Stage): Promise<string> {
  const letGo = await hold('order_placement.answer');
  const requestId = randomUUID();
  await queue('address-changed', { customerId: 'c-2', address: shipTo });
  const placing = place({ ...order, customerId: 'c-2', requestId } as never);
  const mediator = client.workflow.getHandle(orderWorkflowId(requestId));
  await until(async () =>
    ((await mediator.fetchHistory()).events ?? []).some(({ timerStartedEventAttributes: timer }) => timer),
  );
  expectNone(await sql('SELECT FROM mediator_store.flow WHERE request_id = $1', [requestId]));
  await letGo();
  return (await placing).workflowId;
}

function expectNone(rows: readonly unknown[]): void {
  if (rows.length > 0) throw new Error('The order has its row already.');
}

const isTaken = ({ command, acknowledgedAt }: StepRecord): boolean =>
  command === 'adjust-inventory' && acknowledgedAt !== null;

async function amendedAndPaid(stage: Stage): Promise<string> {
  await stage.sql('UPDATE inventory.stock SET on_hand = 3 WHERE isbn = $1', [scarce]);
  const placed = await stage.place({ ...declined, lines: [{ isbn: scarce, quantity: 50 }] }, policyOf());
  await Promise.all([stage.held(placed, 'payment'), stage.held(placed, 'stock')]);
  await stage.act(placed, 'amend', { actor: customer, lines: [{ isbn: scarce, quantity: 2 }] });
  await stage.act(placed, 'pay', { actor: customer, card: 'card_ok' });
  return placed.workflowId;
}

/** Every scenario of the mediators by the name of its file. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'order-completed': after(order, async () => {}),
  'order-completed-after-faults': after({ ...order, card: 'card_flaky' }, async () => {}),
  'customer-registered': ({ queue }) =>
    queue('customer-registered', { ...jo, customerId: `jo-${randomUUID().slice(0, 8)}` }),
  'customer-refused': ({ queue }) => queue('customer-registered', { ...jo, customerId: 'c-1' }),
  'customer-waited': customerWaited,
  'order-waited': orderWaited,
  'order-refused-queued': ({ queue }) =>
    queue('place-order', { ...order, requestId: randomUUID(), lines: [{ isbn: '9780000000002', quantity: 1 }] }),
  'order-approved': after(
    declined,
    async (stage, placed) => {
      await stage.held(placed, 'approval');
      await stage.act(placed, 'approve', { actor: operator });
      await stage.held(placed, 'payment');
      await stage.when(placed, 'answered by inventory', ({ steps }) => steps.some(isTaken));
      await stage.act(placed, 'amend', { actor: customer, lines: [{ isbn, quantity: 3 }] });
      await stage.act(placed, 'pay', { actor: customer, card: 'card_ok' });
      await stage.held(placed, 'approval');
      await stage.act(placed, 'approve', { actor: operator });
    },
    { ...policyOf(), approveAbove: { EUR: 5000 } },
  ),
  ...repairScenarios,
  ...returnScenarios(order),
  ...compactScenarios,
  ...bulkScenarios(declined),
  'order-held-paid': after(declined, async (stage, placed) => {
    await stage.held(placed, 'payment');
    await stage.act(placed, 'pay', { actor: customer, card: 'card_ok' });
  }),
  'order-held-amended-and-paid': amendedAndPaid,
  'order-held-stock-delivered': after(
    { ...order, lines: [{ isbn: '9780132350884', quantity: 9_000 }] },
    (stage, placed) => stage.held(placed, 'stock'),
  ),
  'order-held-address-amended': after(nobodyDelivers, async (stage, placed) => {
    await stage.held(placed, 'address');
    await stage.act(placed, 'amend', { actor: operator, shipTo });
  }),
  'order-suspected': after(nobodyDelivers, async (stage, placed) => {
    await stage.held(placed, 'address');
    const suspicion = { suspicionId: randomUUID(), why: '3 cards of the customer were declined in a short time.' };
    await stage.client.workflow.getHandle(placed.workflowId).signal(orderMediator.suspectedSignal, suspicion);
    await stage.act(placed, 'amend', { actor: operator, shipTo });
    await stage.held(placed, 'approval');
    await stage.act(placed, 'approve', { actor: operator });
  }),
  'order-held-deadline': after(
    declined,
    (stage, placed) => stage.held(placed, 'payment'),
    policyOf({ deadline: '4 seconds', reminders: ['1 second', '2 seconds'] }),
  ),
  'order-held-fault-retried': stoppedAt(
    'payment.guard',
    2,
    async (stage, placed) => {
      await stage.held(placed, 'fault');
      await stage.act(placed, 'retry', { actor: operator });
    },
    impatient,
  ),
  'order-held-fault-skipped': stoppedAt(
    'notification.mail',
    2,
    async (stage, placed) => {
      await stage.held(placed, 'fault');
      await stage.act(placed, 'skip', { actor: operator, command: 'email-customer' });
    },
    impatient,
  ),
  'order-cancelled-in-step-1': cancelledInStep1,
  'order-cancelled-in-step-2': stoppedAt('payment.guard', 2, cancelledBy(customer)),
  'order-cancelled-in-step-3': stoppedAt('order_fulfillment.guard', 3, cancelledBy(customer)),
  'order-cancelled-in-step-4': stoppedAt('shipping.guard', 4, cancelledBy(operator)),
  'order-cancelled-in-step-5': cancelledInStep5,
  'order-cancelled-while-held': after(declined, async (stage, placed) => {
    await stage.held(placed, 'payment');
    await stage.client.workflow.getHandle(placed.workflowId).cancel();
  }),
  'order-compensation-retried': stoppedAt('inventory.guard', 2, cancelledBy(customer), policyOf(), {
    ...order,
    card: 'card_refund_flaky',
  }),
  'order-compensation-failing-shown': async (stage) => {
    const placed = await stage.place(declined, impatient);
    await stage.held(placed, 'payment');
    const letGo = await stage.hold('inventory.guard');
    await stage.act(placed, 'cancel', { actor: customer, reason: null });
    await stage.held(placed, 'compensation');
    await letGo();
    return placed.workflowId;
  },
  'order-recovered': async (stage) => {
    const placed = await stage.place(declined, policyOf());
    await stage.held(placed, 'payment');
    const handle = stage.client.workflow.getHandle(placed.workflowId);
    await handle.terminate();
    const isBack = async () => (await handle.describe()).status.name === 'RUNNING';
    while (!(await isBack())) await new Promise((resolve) => setTimeout(resolve, 500));
    await stage.held(placed, 'payment');
    await stage.act(placed, 'pay', { actor: customer, card: 'card_ok' });
    return placed.workflowId;
  },
};
