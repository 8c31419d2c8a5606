import type { FactBodies } from '../../contracts/fact-bodies.ts';
import { subjectToken, type Fact, type FactName } from '../../contracts/facts.ts';
import { restoreCheck, type DeadLetter, type RepairCaseStore } from '../../contracts/mediators/repair.ts';
import { bigintText } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { recordedFacts } from '../reads/facts.ts';
import { contentsOf } from '../reads/order-details.ts';
import { findOrder } from '../reads/orders.ts';
import type { LostKey } from './lost-facts.ts';

/** A key whose facts the database does not know, after it was mended as far as can be. */
export interface MendedKey {
  readonly key: string;
  /** The names of the lost facts, in their sequence. */
  readonly lost: readonly FactName[];
  /** Of an order: its state by the mediator store. Null for other keys. */
  readonly state: FactBodies['order-restored']['state'] | null;
  /** The case that was opened for a person; null when the shop comes to the same by itself. */
  readonly caseId: string | null;
}

/**
 * These facts come again when the mediator of their order goes on: the partners know charge and shipment by the order.
 */
const comesAgain: ReadonlySet<FactName> = new Set([
  'order-created',
  'order-held',
  'order-resumed',
  'order-completed',
  'order-restored',
  'email-sent',
  'email-refused',
  'payment-applied',
  'payment-denied',
  'inventory-updated',
  'inventory-denied',
  'order-fulfilled',
  'packing-denied',
  'order-shipped',
  'shipment-denied',
  'email-bounced',
  'customer-emailed',
  'customer-email-refused',
  'customer-email-bounced',
  'customer-marked-unreachable',
  'request-refused',
  'fraud-suspected',
  'webhook-switched-off',
]);

/**
 * Tells what the shop knows of an order whose facts it does not know any more, and opens a case for what does not come
 * again by itself. Both are in the caller's transaction, after the new epoch has begun.
 */
export async function mend(
  on: SqlRunner,
  { key, area, facts }: LostKey,
  { epoch, cases }: { readonly epoch: number; readonly cases: RepairCaseStore },
): Promise<MendedKey> {
  const order = area === 'orders' ? await findOrder(on, key) : null;
  const state = area === 'orders' ? (order?.state ?? 'unknown') : null;
  if (state !== null) await on.run(tellRestored(await restoredOrder(on, key)));
  const lost = facts.map(({ name }) => name);
  if (state !== 'unknown' && lost.every((name) => comesAgain.has(name))) return { key, lost, state, caseId: null };
  const caseId = `${restoreCheck}-${epoch}-${subjectToken(key)}`;
  const customerId = order?.customerId ?? customerIn(facts.map(({ body }) => body));
  await cases.openCase(caseOf({ key, area, facts }, { caseId, customerId, state }), false);
  return { key, lost, state, caseId };
}

async function restoredOrder(on: SqlRunner, orderId: string): Promise<FactBodies['order-restored']> {
  const order = await findOrder(on, orderId);
  const facts = (await recordedFacts(on, orderId)).map(({ name }) => name).filter((name) => name !== 'order-restored');
  const { shipment } = await contentsOf(on, orderId);
  return {
    orderId,
    state: order?.state ?? 'unknown',
    holds: order?.holds.map(({ reason }) => reason) ?? [],
    facts,
    shipment: shipment && { carrier: shipment.carrier, trackingNumber: shipment.trackingNumber },
  };
}

function caseOf(
  { key, area, facts }: LostKey,
  { caseId, customerId, state }: Pick<DeadLetter, 'caseId' | 'customerId'> & Pick<MendedKey, 'state'>,
): DeadLetter {
  const names = [...new Set(facts.map(({ name }) => name))].join(', ');
  const told = names === '' ? 'Temporal knows this order' : `what was told of ${key} is lost here: ${names}`;
  const known = state === null ? '' : state === 'unknown' ? ' The shop has no such order.' : ` The order is ${state}.`;
  return {
    caseId,
    consumer: restoreCheck,
    subject: `${area}.fact.*.${subjectToken(key)}`,
    headers: {},
    body: new TextEncoder().encode(JSON.stringify({ key, state, lost: facts }, null, 2)),
    streamSequence: 0,
    reason: 'restored',
    message: `The database was restored to an older copy, and ${told}.${known}`,
    problems: facts.map(({ name, time }) => ({ field: name, message: `was told at ${time}, and did not happen here` })),
    customerId,
  };
}

function customerIn(bodies: readonly Fact['body'][]): string | null {
  for (const body of bodies) if ('customerId' in body) return body.customerId;
  return null;
}

export const tellRestored = statement(
  'app.tell-restored',
  { sequence: bigintText },
  (body: FactBodies['order-restored']) => sql`
    SELECT outbox.record_fact('orders', 'order-restored', ${body.orderId}, ${JSON.stringify(body)}::jsonb) AS sequence`,
);
