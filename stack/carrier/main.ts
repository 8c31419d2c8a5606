import { openJournal } from '../journal.ts';
import { answer, answerRead, failure, numberFrom, openJsonServer, serve, standInArguments } from '../stand-in.ts';
import { openCarrier, type CarrierEntry } from './carrier.ts';
import { readBooking } from './requests.ts';

const { port, folder } = standInArguments(process.argv.slice(2));
const journal = await openJournal<CarrierEntry>(folder);
const carrier = openCarrier(journal, {
  slowMs: numberFrom(process.env, 'CARRIER_SLOW_MS', 3_000),
  keyLifetimeMs: numberFrom(process.env, 'CARRIER_KEY_TTL_SECONDS', 86_400) * 1_000,
});

const app = openJsonServer();

app.post('/shipments', (request, reply) => answerRead(reply, readBooking(request), carrier.book));
app.get<{ Querystring: { orderId?: string } }>('/shipments', ({ query }) => ({
  shipments: carrier.shipmentsOf(query.orderId ?? ''),
}));
app.post<{ Params: { trackingNumber: string } }>('/shipments/:trackingNumber/recall', ({ params }, reply) =>
  answer(reply, carrier.recall(params.trackingNumber)),
);
app.get<{ Params: { trackingNumber: string } }>('/labels/:trackingNumber', ({ params }, reply) => {
  const label = carrier.label(params.trackingNumber);
  if (label !== undefined) return reply.type('text/plain; charset=utf-8').send(label);
  return answer(reply, failure(404, 'unknown_shipment', 'There is no such shipment.'));
});
app.get('/ledger', () => journal.entries);

await serve(app, port, () => journal.close());
