import { addressOf } from './reads/order-actions.ts';
import { hasEndedAs } from './acting-trouble.ts';
import { keptOrder, type Sources } from './orders.ts';
import type { Address } from '../contracts/address.ts';

/** Where an order is to go now. Throws `AppError` when it is not known, or has ended: then its address is not kept for changes any more. */
export async function presentAddress({ prisma }: Sources, orderId: string): Promise<Address> {
  const address = await addressOf(prisma, orderId);
  if (!address) throw hasEndedAs(await keptOrder(prisma, orderId));
  return address;
}
