import type { OrderPlacementProcessor } from '../../contracts/order-placement.ts';
import { highestPrice } from '../../contracts/money.ts';
import type { Database } from '../../prisma/database.ts';
import { leaveTombstone } from '../../prisma/outcome.ts';
import { lasting } from '../kit/call-service.ts';
import { answering } from '../kit/refuse.ts';
import { amendOrder } from './amendment.ts';
import { changeAddress, registerCustomer } from './customers.ts';
import { changeEmail, markUnreachable } from './reach.ts';
import { changePrice, lockTitle } from './price.ts';
import { closeReturn, lockReturns, openReturn } from './returning.ts';
import { cancelOrder, createOrder } from './store.ts';

const schema = 'order_placement';

const isPrice = (amount: number): boolean => Number.isInteger(amount) && amount >= 1 && amount <= highestPrice;

/**
 * Prices and writes orders, amends them, and marks them cancelled; writes customers with their addresses, returns, and
 * the prices of titles.
 * Each effect is one statement with its answer and its fact.
 */
export const createOrderPlacementProcessor = (database: Database): OrderPlacementProcessor => {
  const answer = answering(database, schema);
  return {
    createOrder: (command) => answer(command, createOrder(command)),
    amendOrder: (command) => answer(command, amendOrder(command)),
    async cancelOrder(command) {
      await leaveTombstone(database, schema, command.orderId);
      return answer(command, cancelOrder(command));
    },
    registerCustomer: (command) => answer(command, registerCustomer(command)),
    changeAddress: (command) => answer(command, changeAddress(command)),
    changeEmail: (command) => answer(command, changeEmail(command)),
    markUnreachable: (command) => answer(command, markUnreachable(command)),
    openReturn: (command) => answer(command, openReturn(command), [lockReturns(command.orderId)]),
    closeReturn: (command) => answer(command, closeReturn(command), [lockReturns(command.orderId)]),
    async changePrice(command) {
      if (!isPrice(command.price.amount))
        throw lasting(`A price is a whole number of minor units, 1 to ${highestPrice}; another one is not stored.`);
      return answer(command, changePrice(command), [lockTitle(command.isbn)]);
    },
  };
};
