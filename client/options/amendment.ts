import type { OrderActions } from '../../contracts/mediators/order-actions.ts';
import type { Address } from '../../contracts/address.ts';
import { checkedAction } from './action-options.ts';
import { lineArgument } from './arguments.ts';
import { readJsonFile } from './order-file.ts';
import { AppError } from '../../app/app-error.ts';

/** The options of `amend` that say what changes. */
export interface AmendmentOptions {
  readonly file?: string;
  readonly line?: readonly string[];
  readonly name?: string;
  readonly street?: string;
  readonly city?: string;
  readonly postcode?: string;
  readonly country?: string;
}

const addressParts = ['name', 'street', 'city', 'postcode', 'country'] as const satisfies readonly (keyof Address)[];

/** What is asked for, before it is checked. */
export interface AskedAmendment {
  readonly source: 'options' | 'file';
  readonly asked: Readonly<Record<string, unknown>>;
  /** Pieces of the address to lay over the present one; undefined when it stays. */
  readonly pieces?: Readonly<Partial<Record<keyof Address, string>>>;
}

/** Reads what is to change from a file or the options. Throws `AppError` when nothing is. */
export async function askedAmendment(options: AmendmentOptions): Promise<AskedAmendment> {
  if (options.file !== undefined) return { source: 'file', asked: await objectIn(options.file) };
  const given = addressParts.filter((part) => options[part] !== undefined);
  if (!options.line && given.length === 0) {
    const parts = addressParts.map((part) => `--${part}`).join(', ');
    throw new AppError(
      'bad-input',
      `Say what is to change: --line ISBN:QUANTITY for every title, any of ${parts}, or --file.`,
    );
  }
  const asked = options.line ? { lines: options.line.map(lineArgument) } : {};
  if (given.length === 0) return { source: 'options', asked };
  return { source: 'options', asked, pieces: Object.fromEntries(given.map((part) => [part, options[part]])) };
}

/** The amendment, checked. `present` is the address the order has, which the pieces are laid over; without pieces it is not needed. */
export function amendment(
  { source, asked, pieces }: AskedAmendment,
  actor: string | null,
  present?: Address,
): OrderActions['amend'] {
  const shipTo = pieces ? { shipTo: { ...present, ...pieces } } : {};
  return checkedAction('amend', { ...asked, ...shipTo, actor }, source);
}

async function objectIn(file: string): Promise<Readonly<Record<string, unknown>>> {
  const value = await readJsonFile(file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  const message = 'The order cannot be amended: the file must hold an object with lines, shipTo, or both.';
  throw new AppError('bad-input', message);
}
