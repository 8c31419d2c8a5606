import type { Money } from '../../contracts/money.ts';
import type { ReturnOpened } from '../../contracts/order-placement.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { InspectedLine } from '../../contracts/mediators/returns-mediator.ts';

/** The accepted titles as lines, without those of which none was accepted. */
export const acceptedLines = (inspected: readonly InspectedLine[]): readonly OrderLine[] =>
  linesOf(inspected, ({ accepted }) => accepted);

/** The titles that can be sold again, as lines. */
export const sellableLines = (inspected: readonly InspectedLine[]): readonly OrderLine[] =>
  linesOf(inspected, ({ sellable }) => sellable);

function linesOf(inspected: readonly InspectedLine[], pieces: (line: InspectedLine) => number): readonly OrderLine[] {
  return inspected.map((line) => ({ isbn: line.isbn, quantity: pieces(line) })).filter(({ quantity }) => quantity > 0);
}

/**
 * The refund: the price paid for each accepted piece, and the shipping once the whole order has gone back. Null for
 * nothing.
 */
export function refundOf(
  { lines, shipping }: Pick<ReturnOpened, 'lines' | 'shipping'>,
  accepted: readonly OrderLine[],
  wholeOrder: boolean,
): Money | null {
  const priceOf = new Map(lines.map(({ isbn, unitPrice }) => [isbn, unitPrice.amount]));
  const goods = accepted.reduce((sum, { isbn, quantity }) => sum + quantity * (priceOf.get(isbn) ?? 0), 0);
  const amount = goods + (wholeOrder ? shipping.amount : 0);
  return amount > 0 ? { ...shipping, amount } : null;
}
