import { openJournal } from '../journal.ts';
import { answer, answerRead, failure, numberFrom, openJsonServer, serve, standInArguments } from '../stand-in.ts';
import { isKnown } from './cards.ts';
import { openGateway } from './gateway.ts';
import { readCharge, readOwnRefund, readRefund } from './requests.ts';
import { chargesOf, type GatewayEntry } from './store.ts';

const { port, folder } = standInArguments(process.argv.slice(2));
const journal = await openJournal<GatewayEntry>(folder);
const gateway = openGateway(journal, {
  slowMs: numberFrom(process.env, 'CARD_GATEWAY_SLOW_MS', 3_000),
  keyLifetimeMs: numberFrom(process.env, 'CARD_GATEWAY_KEY_TTL_SECONDS', 86_400) * 1_000,
});

const app = openJsonServer();

app.post('/charges', (request, reply) => answerRead(reply, readCharge(request), gateway.charge));
app.get<{ Querystring: { orderId?: string } }>('/charges', ({ query }) => ({
  charges: chargesOf(gateway.store, query.orderId ?? ''),
}));
app.post<{ Params: { chargeId: string } }>('/charges/:chargeId/refunds', (request, reply) =>
  answerRead(reply, readRefund(request, request.params.chargeId), gateway.refund),
);
/** The gateway's own dashboard, and a dispute that the customer's bank has won. No part of the shop calls these. */
for (const [path, by] of [
  ['refunds', 'dashboard'],
  ['disputes', 'dispute'],
] as const) {
  app.post<{ Params: { chargeId: string } }>(`/dashboard/charges/:chargeId/${path}`, (request, reply) =>
    answerRead(reply, readOwnRefund(request, request.params.chargeId, by), gateway.refund),
  );
}
app.get<{ Params: { token: string } }>('/cards/:token', ({ params }, reply) =>
  isKnown(params.token) ? { known: true } : answer(reply, failure(404, 'unknown_card', 'There is no such card.')),
);
app.get('/ledger', () => journal.entries);

await serve(app, port, () => journal.close());
