import { describe, expect, it } from 'vitest';
import type { PricedLine } from '../../../contracts/order-placement.ts';
import { acceptedLines, refundOf, sellableLines } from '../../../workflows/returns/amount.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' }) as const;
const line = (isbn: string, quantity: number, price: number): PricedLine => ({
  isbn,
  quantity,
  title: `Title ${isbn}`,
  unitPrice: euros(price),
});
const opened = { lines: [line('a', 3, 1999), line('b', 1, 500)], shipping: euros(490) };

describe('what a return gives back', () => {
  it('is the price paid for every piece that was accepted', () => {
    expect(refundOf(opened, [{ isbn: 'a', quantity: 2 }], false)).toEqual(euros(3998));
    const both = [
      { isbn: 'a', quantity: 3 },
      { isbn: 'b', quantity: 1 },
    ];
    expect(refundOf(opened, both, false)).toEqual(euros(6497));
  });

  it('has the shipping in it when the whole order has gone back by it', () => {
    expect(refundOf(opened, [{ isbn: 'b', quantity: 1 }], true)).toEqual(euros(990));
  });

  it('is nothing when nothing was accepted', () => {
    expect(refundOf(opened, [], false)).toBeNull();
  });
});

it('the lines accepted and the lines to be sold again leave out what there is none of', () => {
  const inspected = [
    { isbn: 'a', accepted: 2, sellable: 0 },
    { isbn: 'b', accepted: 1, sellable: 1 },
    { isbn: 'c', accepted: 0, sellable: 0 },
  ];
  expect(acceptedLines(inspected)).toEqual([
    { isbn: 'a', quantity: 2 },
    { isbn: 'b', quantity: 1 },
  ]);
  expect(sellableLines(inspected)).toEqual([{ isbn: 'b', quantity: 1 }]);
});
