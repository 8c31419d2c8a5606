import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import type { HoldReason } from '../../../contracts/mediators/holds.ts';
import { openClockwork, type Clockwork } from '../../support/clockwork.ts';
import { describeToTheMinute } from '../../support/clockwork/describe-to-the-minute.ts';
import type { Asked, FakeProcessors } from '../../support/clockwork/fake-processors.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import type { CommandName } from '../../../contracts/command-routes.ts';

const minute = 60_000;
const minutesOfADay = 24 * 60;
const [isbn, amount] = ['9780134685991', { amount: 2490, currency: 'EUR' }] as const;

interface Case {
  readonly reason: Exclude<HoldReason, 'compensation'>;
  /** When the customer is reminded and when the order is undone, in days after it was held. */
  readonly reminders: readonly number[];
  readonly deadline: number;
  readonly trouble: (processors: FakeProcessors) => void;
  readonly held: CommandName;
  /** For how many minutes the command is tried before the order is held; none when it is refused. */
  readonly heldAfter?: number;
}

const paymentDenied = { reason: 'card_expired', amount } as const;
const outOfStock = { short: [{ isbn, wanted: 1, onHand: 0 }] };
const undeliverable = { country: 'DE', heaviestParcelGrams: 600 };

const cases: readonly Case[] = [
  {
    reason: 'payment',
    reminders: [1, 3, 6],
    deadline: 7,
    held: 'apply-payment',
    trouble: (processors) => processors.refuse('apply-payment', 'PaymentDenied', paymentDenied, Infinity),
  },
  {
    reason: 'stock',
    reminders: [3, 7, 13],
    deadline: 14,
    held: 'adjust-inventory',
    trouble: (processors) => processors.refuse('adjust-inventory', 'OutOfStock', outOfStock, Infinity),
  },
  {
    reason: 'packing',
    reminders: [1, 2],
    deadline: 3,
    held: 'fulfill-order',
    trouble: (processors) => processors.refuse('fulfill-order', 'NotPackable', { isbns: [isbn] }, Infinity),
  },
  {
    reason: 'address',
    reminders: [1, 3, 6],
    deadline: 7,
    held: 'ship-order',
    trouble: (processors) => processors.refuse('ship-order', 'Undeliverable', undeliverable, Infinity),
  },
  {
    reason: 'fault',
    reminders: [1, 2],
    deadline: 3,
    held: 'ship-order',
    heldAfter: 15,
    trouble: (processors) => processors.fail('ship-order', Infinity),
  },
];

await describeToTheMinute('an order held under the policy of the shop', (serverPath) => {
  let clockwork: Clockwork;
  beforeAll(async () => {
    clockwork = await openClockwork(serverPath);
  });
  afterEach(() => clockwork.processors.recover());
  afterAll(() => clockwork.close());

  it.each(cases)('for $reason is reminded of after $reminders days, and undone after $deadline', async (example) => {
    const { client, env, records, processors } = clockwork;
    example.trouble(processors);
    const began = await env.currentTimeMs();
    const policy = loadOrderPolicy({});
    const { orderId, workflowId } = await placeOrder({ client, event: anOrder(), policy, deadlineMs: 30_000 });
    const isOurs = ({ command }: Asked) => 'orderId' in command && command.orderId === orderId;
    await until(() => processors.asked(example.held).some(isOurs), { what: example.held });
    await env.sleep(`${example.deadline + 1} days`);
    const outcome = await client.workflow.getHandle(workflowId).result();
    expect(outcome).toMatchObject({ orderId, outcome: 'cancelled' });

    const minutesAfter = (at: number) => Math.round((at - began) / minute);
    const mails = processors.asked('email-customer').filter(isOurs);
    const ofTheHold = mails.filter(({ command }) => ['held', 'reminder', 'cancelled'].includes(command.kind));
    const after = (days: number) => (example.heldAfter ?? 0) + days * minutesOfADay;
    expect(ofTheHold.map(({ command, at }) => [command.kind, minutesAfter(at)])).toEqual([
      ['held', after(0)],
      ...example.reminders.map((days) => ['reminder', after(days)]),
      ['cancelled', after(example.deadline)],
    ]);
    const holds = records.entries.flatMap((noted) => (noted.call === 'holdOrder' ? [noted.entry] : []));
    expect(holds.filter((entry) => entry.orderId === orderId).map(({ hold }) => hold.reason)).toEqual([example.reason]);
  });
});
