import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { holdReasons } from '../../../contracts/mediators/holds.ts';
import { orderActions, type OrderActionName, type OrderActions } from '../../../contracts/mediators/order-actions.ts';
import { orderStates } from '../../../contracts/mediators/order-mediator.ts';
import { parseOrderAction } from '../../../contracts/schemas/actions.ts';
import { orderSorts } from '../../../contracts/views.ts';
import { Failure } from '../failure.ts';
import { actorOf, cursor, paramOf, readInput, updateIdIn } from '../input.ts';
import type { Orders } from '../ports.ts';

const filterFields = {
  state: z.enum(orderStates).exactOptional(),
  holdReason: z.enum(holdReasons).exactOptional(),
  q: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 characters of an id')
    .exactOptional(),
};

export const orderFilter = z.strictObject(filterFields);

const query = z.strictObject({
  ...filterFields,
  sort: z.enum(orderSorts).default('newest'),
  cursor: cursor.exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** The table of orders, one order, and the actions on it. */
export function addOrderRoutes(server: FastifyInstance, orders: Orders): void {
  server.get('/api/orders', (request) => orders.page(readInput(query, request.query)));
  server.get('/api/orders/:id', (request) => orders.one(paramOf(request, 'id')));
  for (const name of orderActions) {
    server.post(`/api/orders/:id/${name}`, (request) => {
      const { updateId, content } = updateIdIn(request.body);
      const action = orderAction(name, content, actorOf(request));
      return orders.act({ orderId: paramOf(request, 'id'), name, action, updateId });
    });
  }
}

/** Reads an operator's action, or throws with the problems by field. */
export function orderAction<Name extends OrderActionName>(
  name: Name,
  content: Readonly<Record<string, unknown>>,
  actor: string,
): OrderActions[Name] {
  const parsed = parseOrderAction(name, { ...content, actor });
  if (parsed.ok) return parsed.action;
  throw new Failure('bad-input', 'The action cannot be done as it is.', { problems: parsed.problems });
}
