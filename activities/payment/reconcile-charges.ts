import type { ChargesReconciled, ReconcileCharges } from '../../contracts/payment.ts';
import { giveBackOwn, type PaymentPorts } from './give-back.ts';
import type { UnsettledIntent } from './store.ts';

/** The number of intents that are read at once. */
const pageSize = 100;

/** Less than the thirty seconds the command may take. */
const patienceMs = 20_000;

/**
 * Looks at every unsettled intent, oldest first, for 20 seconds at most, and gives back every charge made under it. An
 * intent without a charge stays for a day, because the charge may still come; then it is removed. An error with one
 * intent does not keep the others waiting, and is thrown at the end.
 */
export async function reconcileCharges(
  ports: PaymentPorts,
  { requestId, olderThanSeconds }: ReconcileCharges,
): Promise<ChargesReconciled> {
  const endsAt = Date.now() + patienceMs;
  const givenBack = new Set<string>();
  const troubles: Error[] = [];
  for await (const intent of unsettledIntents(ports, olderThanSeconds)) {
    if (Date.now() > endsAt) {
      troubles.push(new Error('There are more than could be looked at in time.'));
      break;
    }
    const found = await reconcile(ports, intent).catch((error: unknown) => void troubles.push(error as Error));
    if (found) givenBack.add(intent.orderId);
  }
  if (troubles.length > 0) throw notAll(requestId, troubles);
  return { givenBack: [...givenBack] };
}

/** True when there was a charge; it has been given back then. */
async function reconcile(ports: PaymentPorts, { requestId, orderId, old }: UnsettledIntent): Promise<boolean> {
  const charges = await giveBackOwn(ports, { requestId, orderId });
  if (charges.length === 0 && old) await ports.store.forget(requestId);
  return charges.length > 0;
}

async function* unsettledIntents({ store }: PaymentPorts, olderThanSeconds: number): AsyncGenerator<UnsettledIntent> {
  let after: UnsettledIntent | null = null;
  for (;;) {
    const page: readonly UnsettledIntent[] = await store.unsettled({ olderThanSeconds, atMost: pageSize, after });
    yield* page;
    after = page.at(-1) ?? null;
    if (page.length < pageSize) return;
  }
}

const notAll = (requestId: string, troubles: readonly Error[]): Error =>
  new Error(
    `${troubles.length} charges could not be reconciled for ${requestId}; asking again is safe. The first: ${troubles[0]?.message}`,
    { cause: troubles[0] },
  );
