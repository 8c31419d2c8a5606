import { openJournal } from '../journal.ts';
import { failure, serveJson, type Route } from '../stand-in.ts';
import { endOnSignal, numberFrom, serverArguments } from '../run-server.ts';
import { chargesOf } from './store.ts';
import { isKnown } from './cards.ts';
import type { GatewayEntry } from './entries.ts';
import { openGateway } from './gateway.ts';
import { readCharge, readRefund } from './requests.ts';

const { port, folder } = serverArguments(process.argv.slice(2));
const journal = await openJournal<GatewayEntry>(folder);
const gateway = openGateway(journal, {
  slowMs: numberFrom(process.env, 'CARD_GATEWAY_SLOW_MS', 3_000),
  keyLifetimeMs: numberFrom(process.env, 'CARD_GATEWAY_KEY_TTL_SECONDS', 86_400) * 1_000,
});

const routes: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/charges$/,
    handle(request) {
      const charge = readCharge(request);
      return typeof charge === 'string' ? failure(400, 'bad_request', charge) : gateway.charge(charge);
    },
  },
  {
    method: 'GET',
    path: /^\/charges$/,
    handle: ({ query }) => ({ status: 200, body: { charges: chargesOf(gateway.book, query.get('orderId') ?? '') } }),
  },
  {
    method: 'POST',
    path: /^\/charges\/([^/]+)\/refunds$/,
    handle(request) {
      const refund = readRefund(request);
      return typeof refund === 'string' ? failure(400, 'bad_request', refund) : gateway.refund(refund);
    },
  },
  {
    method: 'GET',
    path: /^\/cards\/([^/]+)$/,
    handle: ({ params }) =>
      isKnown(params[0] ?? '')
        ? { status: 200, body: { known: true } }
        : failure(404, 'unknown_card', 'There is no such card.'),
  },
  { method: 'GET', path: /^\/ledger$/, handle: () => ({ status: 200, body: journal.entries }) },
  { method: 'GET', path: /^\/health$/, handle: () => ({ status: 200, body: { ok: true } }) },
];

endOnSignal([await serveJson(port, routes)], () => journal.close());
