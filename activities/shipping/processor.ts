import type { ShippingProcessor } from '../../contracts/shipping.ts';
import type { Database } from '../../prisma/database.ts';
import { leaveTombstone } from '../../prisma/outcome.ts';
import { answering } from '../kit/refuse.ts';
import { recallShipment, shipOrder } from './store.ts';

const schema = 'shipping';

/** Books carriers and calls shipments back. */
export const createShippingProcessor = (database: Database): ShippingProcessor => {
  const answer = answering(database, schema);
  return {
    shipOrder: (command) => answer(command, shipOrder(command)),
    async recallShipment(command) {
      await leaveTombstone(database, schema, command.orderId);
      return answer(command, recallShipment(command));
    },
  };
};
