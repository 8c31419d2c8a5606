import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import { launchCardGateway } from '../../stack/launch/stand-ins.ts';
import { launchWorker, type WorkerProcess } from '../../test/support/rig/worker.ts';
import { addCustomers, withLabShop, type LabShop } from '../open-shop.ts';

/** The payment processor: a charge takes this long at its gateway, and so many slots charge at once. */
export const payment = { chargeMs: 400, slots: 10, slowSlots: 1 } as const;

/** The most queued events that are under way at a time. */
export const intakeUnderWay = 30;

/** A whole shop whose payment processor can be slowed, stopped and brought back. */
export interface PressureStage {
  readonly shop: LabShop;
  /** Payment runs with so many slots from now on; with none it is stopped. */
  setSlots(slots: number): Promise<void>;
}

const workers = [
  ['order-mediator', 'customer-mediator'],
  ['order-placement', 'notification', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'],
  ['relay', 'listeners'],
] as const;

/** Opens the shop with so many customers, works with it, and closes it. */
export const withPressureStage = <Result>(
  customers: number,
  work: (stage: PressureStage) => Promise<Result>,
): Promise<Result> =>
  withLabShop(workers, async (shop) => {
    await addCustomers(shop, customers);
    await shop.sql.query('UPDATE inventory.stock SET on_hand = 10000000');
    await ensureCustomerEventStream(shop.broker);
    const setSlots = await payAt(shop);
    const env = { ...shop.env, INTAKE_UNDER_WAY: String(intakeUnderWay) };
    const intake = await launchWorker(['intake'], env, shop.folder, shop.build);
    shop.onClose(intake.stop);
    return work({ shop, setSlots });
  });

/** Payment has a gateway of its own, which takes its time; a tenth of the slots is a tenth of its rate. */
async function payAt(shop: LabShop): Promise<PressureStage['setSlots']> {
  const folder = join(shop.folder, 'slow-gateway');
  mkdirSync(folder, { recursive: true });
  const gateway = await launchCardGateway({ folder, slowMs: payment.chargeMs, builtIn: join(shop.build, 'stack') });
  shop.onClose(gateway.stop);
  let running: WorkerProcess | undefined;
  const setSlots = async (slots: number) => {
    await running?.stop();
    running = undefined;
    if (slots === 0) return;
    const env = { ...shop.env, CARD_GATEWAY_URL: gateway.url, WORKER_ACTIVITY_SLOTS: String(slots) };
    running = await launchWorker(['payment'], env, folder, shop.build);
  };
  shop.onClose(async () => running?.stop());
  await setSlots(payment.slots);
  return setSlots;
}
