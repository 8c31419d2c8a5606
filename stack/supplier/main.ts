import { openJournal } from '../journal.ts';
import { publisherAs } from '../publish-as.ts';
import { answer, answerRead, numberFrom, openJsonServer, serve, standInArguments } from '../stand-in.ts';
import { supplierModes } from './deliveries.ts';
import { startTelling } from './telling.ts';
import { openSupplier, readPurchaseOrder, type LedgerEntry } from './supplier.ts';

const { port, folder } = standInArguments(process.argv.slice(2));
const wanted = process.env['SUPPLIER_MODE'] || 'mixed';
const mode = supplierModes.find((known) => known === wanted);
if (!mode) throw new Error(`SUPPLIER_MODE must be one of ${supplierModes.join(', ')}.`);
const journal = await openJournal<LedgerEntry>(folder);
const deliveryMs = numberFrom(process.env, 'SUPPLIER_DELIVERY_SECONDS', 5) * 1_000;
const supplier = openSupplier(journal, { mode, deliveryMs });

const app = openJsonServer();

app.post('/purchase-orders', ({ body }, reply) => answerRead(reply, readPurchaseOrder(body), supplier.accept));
app.get<{ Params: { id: string } }>('/purchase-orders/:id', ({ params }, reply) =>
  answer(reply, supplier.show(params.id)),
);
/** The supplier's own people cancel a purchase order. No part of the shop calls this. */
app.post<{ Params: { id: string } }>('/purchase-orders/:id/cancel', ({ params }, reply) =>
  answer(reply, supplier.cancel(params.id)),
);
app.get('/ledger', () => journal.entries);

const nats = publisherAs('supplier');
const stopTelling = startTelling(supplier, nats.publish);

await serve(app, port, async () => {
  await nats.close();
  await stopTelling();
  await journal.close();
});
