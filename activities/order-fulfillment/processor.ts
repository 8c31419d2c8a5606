import type { OrderFulfillmentProcessor } from '../../contracts/order-fulfillment.ts';
import type { Database } from '../../prisma/database.ts';
import { leaveTombstone } from '../../prisma/outcome.ts';
import { answering } from '../kit/refuse.ts';
import { packParcels } from './pack-parcels.ts';
import { packOrder, refuseOrder, unpackOrder } from './store.ts';

const schema = 'order_fulfillment';

/** Packs parcels and unpacks them. An order with a title that has no recorded weight cannot be packed. */
export const createOrderFulfillmentProcessor = (database: Database): OrderFulfillmentProcessor => {
  const answer = answering(database, schema);
  return {
    async fulfillOrder(command) {
      const isbns = command.lines.map((line) => line.isbn);
      const rows = await database.prisma.weight.findMany({ where: { isbn: { in: isbns } } });
      const weights = new Map(rows.map(({ isbn, grams }) => [isbn, grams]));
      const unknown = isbns.filter((isbn) => !weights.has(isbn));
      return unknown.length > 0
        ? answer(command, refuseOrder(command, { type: 'NotPackable', details: { isbns: unknown } }))
        : answer(command, packOrder(command, packParcels(command.lines, weights)));
    },
    async unpackOrder(command) {
      await leaveTombstone(database, schema, command.orderId);
      return answer(command, unpackOrder(command));
    },
  };
};
