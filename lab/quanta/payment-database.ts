import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../prisma/migrate.ts';
import { launchPostgres } from '../../stack/launch/postgres.ts';
import { launchWorker } from '../../test/support/rig/worker.ts';
import type { LabShop } from '../open-shop.ts';

/** The database that payment works in: the shop's, or one of its own on a server of its own. */
export type Where = 'shared' | 'own';

/** The databases of a shop whose payment can be moved from one to the other while no order is under way. */
export interface PaymentDatabases {
  readonly url: { readonly [Of in Where]: string };
  readonly sql: { readonly [Of in Where]: pg.Pool };
  /** Starts the payment processor on this database, after the one before has ended. */
  moveTo(where: Where): Promise<void>;
}

/** Starts the second server, with the same migrations, and a relay for its outbox. Ended by the shop's `close`. */
export async function openPaymentDatabases(shop: LabShop): Promise<PaymentDatabases> {
  const { folder, build, env, onClose } = shop;
  const server = await launchPostgres({ folder: join(folder, 'payment-postgres'), maxConnections: 60 });
  onClose(server.stop);
  const own = server.url.replace(/\/postgres$/, '/payment');
  await migrate(own);
  const sql = new pg.Pool({ connectionString: own, max: 2 });
  sql.on('error', () => undefined); // the outage ends its connections
  onClose(() => sql.end());
  const relay = await launchWorker(
    ['relay'],
    { ...env, DATABASE_URL_RELAY: own, FACT_SOURCE: 'order-mediator/payment' },
    folder,
    build,
  );
  onClose(relay.stop);
  let stop: (() => Promise<void>) | undefined;
  onClose(async () => stop?.());
  shop.sql.on('error', () => undefined);
  return {
    url: { shared: env['DATABASE_URL'] ?? '', own },
    sql: { shared: shop.sql, own: sql },
    async moveTo(where) {
      await stop?.();
      const from = where === 'own' ? { ...env, DATABASE_URL_PAYMENT: own } : env;
      stop = (await launchWorker(['payment'], from, folder, build)).stop;
    },
  };
}
