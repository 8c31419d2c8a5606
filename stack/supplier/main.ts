import { openJournal } from '../journal.ts';
import { failure, serveJson, type Route } from '../stand-in.ts';
import { endOnSignal, numberFrom, serverArguments } from '../run-server.ts';
import { supplierModes } from './deliveries.ts';
import { openSupplier, readPurchaseOrder, type SupplierEntry } from './supplier.ts';

const { port, folder } = serverArguments(process.argv.slice(2));
const wanted = process.env['SUPPLIER_MODE'] || 'mixed';
const mode = supplierModes.find((known) => known === wanted);
if (!mode) throw new Error(`SUPPLIER_MODE must be one of ${supplierModes.join(', ')}.`);
const journal = await openJournal<SupplierEntry>(folder);
const deliveryMs = numberFrom(process.env, 'SUPPLIER_DELIVERY_SECONDS', 5) * 1_000;
const supplier = openSupplier(journal, { mode, deliveryMs });

const routes: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/purchase-orders$/,
    handle({ body }) {
      const order = readPurchaseOrder(body);
      return typeof order === 'string' ? failure(400, 'bad_request', order) : supplier.accept(order);
    },
  },
  { method: 'GET', path: /^\/purchase-orders\/([^/]+)$/, handle: ({ params }) => supplier.show(params[0] ?? '') },
  { method: 'GET', path: /^\/ledger$/, handle: () => ({ status: 200, body: journal.entries }) },
  { method: 'GET', path: /^\/health$/, handle: () => ({ status: 200, body: { ok: true } }) },
];

endOnSignal([await serveJson(port, routes)], () => journal.close());
