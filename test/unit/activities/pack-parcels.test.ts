import { describe, expect, it } from 'vitest';
import { maxParcelGrams, packParcels } from '../../../activities/order-fulfillment/pack-parcels.ts';

const weights = new Map([
  ['light', 500],
  ['medium', 7_000],
  ['heavy', 30_000],
  ['exact', 20_000],
]);

describe('packing parcels', () => {
  it('puts everything that fits into one parcel and adds its weight up', () => {
    const lines = [
      { isbn: 'light', quantity: 2 },
      { isbn: 'medium', quantity: 1 },
    ];
    expect(packParcels(lines, weights)).toEqual([{ number: 1, weightGrams: 8_000, lines }]);
  });

  it('begins the next parcel when one more copy would be too heavy', () => {
    const parcels = packParcels([{ isbn: 'medium', quantity: 5 }], weights);
    expect(parcels.map(({ number, weightGrams }) => [number, weightGrams])).toEqual([
      [1, 14_000],
      [2, 14_000],
      [3, 7_000],
    ]);
  });

  it('fills a parcel to exactly the limit', () => {
    expect(packParcels([{ isbn: 'exact', quantity: 1 }], weights)).toHaveLength(1);
    expect(packParcels([{ isbn: 'light', quantity: 40 }], weights)).toHaveLength(1);
    expect(packParcels([{ isbn: 'light', quantity: 41 }], weights)).toHaveLength(2);
  });

  it('sends a copy heavier than the limit alone, also between others', () => {
    const lines = [
      { isbn: 'light', quantity: 1 },
      { isbn: 'heavy', quantity: 2 },
      { isbn: 'light', quantity: 1 },
    ];
    const parcels = packParcels(lines, weights);
    expect(parcels.map((parcel) => parcel.weightGrams)).toEqual([500, 30_000, 30_000, 500]);
  });

  it('loses and invents no copy, and keeps every parcel under the limit', () => {
    const lines = [
      { isbn: 'light', quantity: 777 },
      { isbn: 'medium', quantity: 13 },
      { isbn: 'exact', quantity: 3 },
    ];
    const parcels = packParcels(lines, weights);
    for (const { isbn, quantity } of lines) {
      const packed = parcels.flatMap((parcel) => parcel.lines).filter((line) => line.isbn === isbn);
      expect(packed.reduce((sum, line) => sum + line.quantity, 0)).toBe(quantity);
    }
    for (const parcel of parcels) {
      expect(parcel.weightGrams).toBeLessThanOrEqual(maxParcelGrams);
      const weighed = parcel.lines.reduce((sum, line) => sum + line.quantity * (weights.get(line.isbn) ?? NaN), 0);
      expect(parcel.weightGrams).toBe(weighed);
    }
  });

  it('names a title whose weight is not known', () => {
    expect(() => packParcels([{ isbn: 'unweighed', quantity: 1 }], weights)).toThrow('unweighed');
  });
});
