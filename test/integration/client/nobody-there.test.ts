import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, Connection } from '@temporalio/client';
import { openRig, type Rig } from '../../support/rig.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { loadReturnPolicy } from '../../../config/return-policy.ts';
import { createOrderRecords } from '../../../activities/mediator-store/order-records.ts';
import { createReturnRecords } from '../../../activities/mediator-store/return-records.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { goodOrder, runCommandLine } from '../../support/command-line.ts';
import { policyOf } from '../../support/policies.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ temporal: true });
});
afterAll(() => rig.close());

const nowhere = '127.0.0.1:1';

test('without a mediator worker, place says that nothing is known, what to start, and how to ask again', async () => {
  const placing = runCommandLine(rig.env, ...goodOrder, '--request-id', 'req-deadline', '--deadline', '1.5');
  const { code, printed, noted } = await placing;
  expect({ code, printed, lines: noted.length }).toEqual({ code: 1, printed: [], lines: 1 });
  expect(noted[0]).toContain('It is not known whether the order was accepted: no answer within 1.5 s.');
  expect(noted[0]).toContain('No mediator worker asks for work on order-mediator-queue');
  expect(noted[0]).toContain('--request-id req-deadline');
});

test('an order nobody answered for is kept by Temporal with the policy, memo and search attributes of an order', async () => {
  await runCommandLine(rig.env, ...goodOrder, '--request-id', 'req-kept-00', '--deadline', '3');
  const connection = await Connection.connect({ address: rig.temporal.address });
  try {
    const client = new Client({ connection, namespace: rig.temporal.namespace });
    const flow = await until(() => client.workflow.getHandle('order/req-kept-00').describe());
    expect(flow.taskQueue).toBe('order-mediator-queue');
    expect(flow.memo).toEqual({ bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const attributes = Object.fromEntries(
      flow.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({ OrderState: 'open', CustomerId: 'c-1', MediatorClass: 'hard' });
  } finally {
    await connection.close();
  }
});

test('without Temporal, place says that nothing was sent and what to start', async () => {
  const env = { ...rig.env, TEMPORAL_ADDRESS: nowhere };
  const { code, printed, noted } = await runCommandLine(env, ...goodOrder, '--deadline', '1');
  expect({ code, printed }).toEqual({ code: 1, printed: [] });
  expect(noted).toEqual([
    `Temporal at ${nowhere} cannot be reached, so nothing was sent: start everything with "npm start".`,
  ]);
});

test.each([[['list']], [['show', 'ord-1']], [['watch', 'ord-1']], [['holds']], [['mails']]])(
  'without the database, %j says what to start',
  async (argv) => {
    const env = { ...rig.env, DATABASE_URL: `postgresql://nobody@${nowhere}/shop` };
    const { code, noted } = await runCommandLine(env, ...argv);
    expect(code).toBe(1);
    expect(noted).toEqual([`The database shop at ${nowhere} cannot be reached: start everything with "npm start".`]);
  },
);

/** An order as the mediator store has it, whose workflow is this one. */
async function orderInLedger(requestId: string): Promise<string> {
  const database = openDatabase(rig.databaseUrl, { poolSize: 1 });
  try {
    const entry = { event: anOrder({ requestId }), bodyHash: 'h', mediatorClass: 'hard', policy: policyOf() } as const;
    const stored = await createOrderRecords(database).receiveOrder({ ...entry, workflowId: `order/${requestId}` });
    return stored.orderId;
  } finally {
    await database.close();
  }
}

async function returnInRecords(requestId: string): Promise<string> {
  const database = openDatabase(rig.databaseUrl, { poolSize: 1 });
  try {
    const lines = [{ isbn: '9780134685991', quantity: 1 }];
    const event = { requestId, orderId: 'ord-1', customerId: 'c-1', lines, reason: 'One too many.' };
    const entry = { event, bodyHash: 'h', policy: loadReturnPolicy({}), workflowId: `return/${requestId}` };
    await createReturnRecords(database).receiveReturn(entry);
    return requestId;
  } finally {
    await database.close();
  }
}

test('without a mediator worker, nobody knows whether an action was taken, and how to ask again is said', async () => {
  await runCommandLine(rig.env, ...goodOrder, '--request-id', 'req-act-0001', '--deadline', '3');
  const orderId = await orderInLedger('req-act-0001');
  const { code, printed, noted } = await runCommandLine(
    rig.env,
    'cancel',
    orderId,
    '--update-id',
    'u-1',
    '--deadline',
    '1',
  );
  expect({ code, printed, lines: noted.length }).toEqual({ code: 1, printed: [], lines: 1 });
  expect(noted[0]).toContain(`It is not known whether "cancel" was done to ${orderId}: no answer within 1 s.`);
  expect(noted[0]).toContain('No mediator worker asks for work on order-mediator-queue');
  expect(noted[0]).toContain('the same --update-id u-1');
});

test('an order whose workflow Temporal does not have is carried on by the reconciler, which an action says', async () => {
  const orderId = await orderInLedger('req-act-lost');
  const { code, noted } = await runCommandLine(rig.env, 'cancel', orderId, '--update-id', 'u-2');
  expect(code).toBe(1);
  expect(noted).toEqual([expect.stringContaining(`Temporal does not have the workflow of ${orderId} at the moment`)]);
  expect(noted[0]).toContain('--update-id u-2');
});

test('a return whose workflow Temporal does not have is carried on by the reconciler, which an action says', async () => {
  const requestId = await returnInRecords('return-lost');
  const { code, noted } = await runCommandLine(rig.env, 'return', 'approve', requestId, '--actor', 'Kim');
  expect({ code, noted }).toEqual({
    code: 1,
    noted: [expect.stringContaining(`Temporal does not have the workflow of return ${requestId} at the moment`)],
  });
});

test('without NATS, listen says what to start', async () => {
  const { code, noted } = await runCommandLine({ ...rig.env, NATS_URL: `nats://${nowhere}` }, 'listen');
  expect(code).toBe(1);
  expect(noted.at(-1)).toBe(`NATS at ${nowhere} cannot be reached: start everything with "npm start".`);
});

test.each(['show', 'watch', 'cancel'])('%s says so when there is no such order', async (command) => {
  const { code, noted } = await runCommandLine(rig.env, command, 'ord-nothing');
  expect({ code, noted }).toEqual({ code: 1, noted: ['There is no order ord-nothing.'] });
});
