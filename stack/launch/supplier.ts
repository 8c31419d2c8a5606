import type { SupplierMode } from '../supplier/deliveries.ts';
import { freePort } from './ports.ts';
import type { Launched } from './launched.ts';
import { launchNodeServer } from './stand-ins.ts';

export interface SupplierOptions {
  /** Holds the ledger and the log. */
  readonly folder: string;
  readonly port?: number;
  /** From a purchase order to its delivery; 5 by default. */
  readonly deliverySeconds?: number;
  readonly mode?: SupplierMode;
}

/** The supplier. Its ledger survives any crash, and deliveries arrive at the instants it names. Port: `http`. */
export async function launchSupplier(options: SupplierOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const running = await launchNodeServer({
    name: 'supplier',
    entry: 'stack/supplier/main.ts',
    folder: options.folder,
    args: ['--port', String(port)],
    env: {
      ...(options.deliverySeconds !== undefined && { SUPPLIER_DELIVERY_SECONDS: String(options.deliverySeconds) }),
      ...(options.mode && { SUPPLIER_MODE: options.mode }),
    },
    healthUrl: `${url}/health`,
  });
  return { name: 'supplier', ports: { http: port }, url, ...running };
}
