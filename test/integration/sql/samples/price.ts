import { changePrice, lockTitle } from '../../../../activities/order-placement/price.ts';
import { sample } from '../describe.ts';

const isbn = '9780134685991';

export const samples = [
  sample(lockTitle, isbn),
  sample(changePrice, { requestId: 'price/p-1/change-price/1', isbn, price: { amount: 2100, currency: 'EUR' } }),
];
