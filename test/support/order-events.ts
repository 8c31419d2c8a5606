import { expect } from 'vitest';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { Failure, RefusalType } from '../../contracts/failures.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import type { RecoveredOrder } from '../../contracts/mediators/order-records.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import { decide, type OrderCommand } from '../../workflows/order/decide.ts';
import type { OrderEvent } from '../../workflows/order/events.ts';
import { evolve } from '../../workflows/order/evolve.ts';
import { newOrder, type Order } from '../../workflows/order/state.ts';

/* The order's pure core in sentences: given some events, when another comes, then the order is so, and these commands follow. */

export const at = Date.parse('2026-03-01T10:00:00Z');
export const isbn = '9780134685991';
export const euros = (amount: number) => ({ amount, currency: 'EUR' }) as const;
const customer = { name: 'Ada', email: 'ada@example.org' };
export const event: PlaceOrder = {
  requestId: 'request-1',
  customerId: 'c-1',
  card: 'card_first',
  currency: 'EUR',
  lines: [{ isbn, quantity: 1 }],
  shipTo: { name: 'Ada', street: 'Street 1', city: 'Berlin', postcode: '10115', country: 'DE' },
};
const priced = (amount: number) => ({ lines: [], shipping: euros(490), total: euros(amount) });
const created = { orderId: 'o-1', ...priced(2490), customer, attempt: 1 };

const start = (policy = loadOrderPolicy({})): Order => newOrder({ event, policy });

interface Given {
  when(event: OrderEvent): { readonly order: Order; readonly commands: readonly OrderCommand[] };
}

/** The order after these events; a wrong order of them throws. */
export const given = (...events: readonly OrderEvent[]): Given => {
  const order = events.reduce(evolve, start());
  return { when: (next) => ({ order: evolve(order, next), commands: decide(order, next) }) };
};

export const received: OrderEvent = { type: 'received', orderId: 'o-1', recovered: null };
export const begun = (command: CommandName): OrderEvent => ({ type: 'command-begun', command });
export const placed = [
  received,
  begun('create-order'),
  { type: 'answered', answers: { created } },
] as const satisfies readonly OrderEvent[];
export const costing = (amount: number): OrderEvent => ({
  type: 'answered',
  answers: { created: { ...created, ...priced(amount) } },
});
export const paid = (amount: number): OrderEvent => ({
  type: 'answered',
  answers: { paid: { chargeId: 'ch-1', amount: euros(amount) } },
});
export const refusal = (type: RefusalType, details: object = {}): Failure =>
  ({ kind: 'refusal', type, message: `${type}.`, details: [details] }) as Failure;
export const fault: Failure = { kind: 'fault', message: 'The processor is away.', lasting: false };
export const failed = (command: CommandName, failure: Failure, round = 1, step: StepNumber = 2): OrderEvent => ({
  type: 'command-failed',
  command,
  step,
  requestId: `o-1/${command}/${round}`,
  failure,
  at,
});
export const denied = failed('apply-payment', refusal('PaymentDenied'));
export const outOfStock = failed(
  'adjust-inventory',
  refusal('OutOfStock', { short: [{ isbn, wanted: 3, onHand: 1 }] }),
);
export const notPackable = failed('fulfill-order', refusal('NotPackable'), 1, 3);
export const undeliverable = failed('ship-order', refusal('Undeliverable'), 1, 4);
export const cancelled = {
  type: 'cancel-taken',
  why: 'The customer cancelled it.',
  actor: null,
  reason: null,
} as const satisfies OrderEvent;

export const holdOf = (order: Order, command: CommandName) => {
  const hold = order.holds.find((held) => held.command === command);
  return hold ?? expect.fail(`no hold at ${command}`);
};
export const howOf = (order: Order, command: CommandName) => order.resumptions[holdOf(order, command).holdId];
export const done = (commands: readonly OrderCommand[]) => commands.map((command) => command.do);

export const amended = (
  changes: { readonly lines?: typeof event.lines; readonly shipTo?: typeof event.shipTo },
  amount: number,
): OrderEvent => ({
  type: 'amended',
  amendment: { actor: null, ...changes },
  event: { ...event, ...changes },
  priced: priced(amount),
  stock: changes.lines ? { levels: [], ready: [] } : null,
});

export const beginAmendment = (amendment: object, isRecovered = false): OrderEvent => ({
  type: 'amendment-begun',
  amendment: { actor: null, ...amendment },
  isRecovered,
});

export const recovered = (changes: Partial<RecoveredOrder> = {}): OrderEvent => ({
  type: 'received',
  orderId: 'o-1',
  recovered: {
    event: { ...event, card: 'card_other' },
    amendments: 0,
    rounds: { 'apply-payment': 3 },
    holds: [],
    compensating: null,
    policy: start().policy,
    amendment: null,
    approved: null,
    ...changes,
  },
});
export const again = [begun('create-order'), { type: 'answered', answers: { created } }] as const;

export const compensationsIn = (commands: readonly OrderCommand[]) =>
  commands.flatMap((command) => (command.do === 'compensate' ? [command.command] : []));
