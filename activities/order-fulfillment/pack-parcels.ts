import type { OrderLine } from '../../contracts/place-order.ts';
import type { Parcel } from './store.ts';

/** The most that a parcel weighs, so that a packer can lift it; a single copy may weigh more. */
export const maxParcelGrams = 20_000;

interface OpenParcel {
  weightGrams: number;
  lines: OrderLine[];
}

/**
 * Packs the lines in their order: each parcel is filled up to `maxParcelGrams` before the next is begun.
 * A copy that is heavier than that goes alone. Needs the weight of every title, in grams.
 */
export function packParcels(lines: readonly OrderLine[], weights: ReadonlyMap<string, number>): Parcel[] {
  const parcels: OpenParcel[] = [];
  for (const { isbn, quantity } of lines) {
    const grams = weights.get(isbn);
    if (grams === undefined) throw new Error(`The weight of ${isbn} is not known; it cannot be packed.`);
    packLine(parcels, { isbn, quantity }, grams);
  }
  return parcels.map((parcel, index) => ({ number: index + 1, ...parcel }));
}

function packLine(parcels: OpenParcel[], { isbn, quantity }: OrderLine, grams: number): void {
  let left = quantity;
  while (left > 0) {
    const open = parcels.at(-1);
    const room = open ? Math.floor((maxParcelGrams - open.weightGrams) / grams) : 0;
    const target = open && room > 0 ? open : begin(parcels);
    const fits = Math.max(1, Math.floor((maxParcelGrams - target.weightGrams) / grams));
    const copies = Math.min(left, fits);
    target.lines.push({ isbn, quantity: copies });
    target.weightGrams += copies * grams;
    left -= copies;
  }
}

function begin(parcels: OpenParcel[]): OpenParcel {
  const parcel = { weightGrams: 0, lines: [] };
  parcels.push(parcel);
  return parcel;
}
