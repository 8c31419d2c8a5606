import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { idPatterns } from '../../../contracts/ids.ts';
import { bulkActions, bulkControls, mostInBulk } from '../../../contracts/mediators/bulk.ts';
import { oneLine } from '../../../contracts/schemas/order-fields.ts';
import type { RunBulk } from '../api/orders.ts';
import { Failure } from '../failure.ts';
import { actorOf, paramOf, readInput } from '../input.ts';
import type { Bulk, BulkAsked } from '../ports.ts';
import { orderAction, orderFilter } from './orders.ts';

const orderId = z.string().regex(idPatterns.orderId, 'must be an order id');

const request = z.strictObject({
  action: z.enum(bulkActions),
  orderIds: z.array(orderId).min(1, 'must name an order').exactOptional(),
  filter: orderFilter.exactOptional(),
  command: z.string().max(64).exactOptional(),
  reason: z.string().max(200).exactOptional(),
});
const confirmed: z.ZodType<RunBulk> = z.strictObject({ count: z.int().min(0), name: oneLine(64).exactOptional() });
const control = z.enum(bulkControls);
const page = z.strictObject({ offset: z.coerce.number().int().min(0).default(0) });

/** Room for more ids than are taken, so that too many are refused with a sentence. */
const withIds = { bodyLimit: 1024 * 1024 };

/** Bulk actions: counted first, then run, then looked at again. */
export function addBulkRoutes(server: FastifyInstance, bulk: Bulk): void {
  server.get('/api/bulk', () => bulk.list());
  server.post('/api/bulk/preview', withIds, (asked) => bulk.preview(askedIn(asked.body, actorOf(asked))));
  server.post('/api/bulk/:id/run', async (asked, reply) => {
    const progress = await bulk.run(paramOf(asked, 'id'), readInput(confirmed, asked.body), actorOf(asked));
    return reply.code(202).send(progress);
  });
  server.post('/api/bulk/:id/:control', (asked) =>
    bulk.control(paramOf(asked, 'id'), readInput(control, paramOf(asked, 'control')), actorOf(asked)),
  );
  server.get('/api/bulk/:id', (asked) => bulk.report(paramOf(asked, 'id'), readInput(page, asked.query).offset));
}

/** Either named orders or those of a filter. */
function askedIn(body: unknown, actor: string): BulkAsked {
  const { action, orderIds, filter, command, reason } = readInput(request, body);
  if ((orderIds === undefined) === (filter === undefined)) {
    throw new Failure('bad-input', 'Say which orders: by their ids, or by a filter.');
  }
  if (filter && Object.keys(filter).length === 0) {
    throw new Failure('bad-input', 'Select orders, or filter them first: this would be done to every order.');
  }
  if (orderIds && orderIds.length > mostInBulk) {
    const most = `A bulk action takes ${mostInBulk} orders at most, and these are ${orderIds.length}`;
    throw new Failure('bad-input', `${most}: do it in several parts, or by a filter.`);
  }
  const own = { retry: {}, approve: {}, skip: { command }, cancel: { reason: reason ?? null } }[action];
  const which = orderIds ? { orderIds: [...new Set(orderIds)] } : { filter: filter ?? {} };
  const { actor: _, ...content } = orderAction(action, own, actor);
  return { action, which, content };
}
