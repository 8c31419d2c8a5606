import { highestRate } from '../../contracts/channel-brakes.ts';
import { factAreas, type FactName } from '../../contracts/facts.ts';
import { holdReasons } from '../../contracts/mediators/holds.ts';
import { idPatterns, isIsbn13 } from '../../contracts/ids.ts';
import { readIsbn } from '../../contracts/reading/isbn.ts';
import { currencies, highestPrice, type Money } from '../../contracts/money.ts';
import { orderStates } from '../../contracts/mediators/order-mediator.ts';
import { AppError } from '../../app/app-error.ts';
import type { AuditMark } from '../../app/reads/audit.ts';
import { caseStates } from '../../contracts/mediators/repair.ts';

/**
 * `978-0-13-468599-1:2` as a line of an order, the ISBN as people write it. A quantity that is no number stays text,
 * and the schema refuses it.
 */
export function lineArgument(argument: string): { readonly isbn: string; readonly quantity: unknown } {
  const [isbn = '', quantity, ...rest] = argument.split(':');
  if (quantity === undefined || rest.length > 0) {
    throw badInput(`--line ${shown(argument)} cannot be used: give ISBN:QUANTITY, as in 9780134685991:2.`);
  }
  const isNumber = /^-?\d+(\.\d+)?$/.test(quantity);
  return { isbn: readIsbn(isbn), quantity: isNumber ? Number(quantity) : quantity };
}

/** `ce-time:2026-11-23T08:00:00Z` as a header, added to those before it; the value may be empty. */
export function headerArgument(argument: string, others: Readonly<Record<string, string>> = {}): typeof others {
  const [, name, value] = /^([^:\s]+):(.*)$/s.exec(argument) ?? [];
  if (name === undefined || value === undefined) {
    throw badInput(`--header ${shown(argument)} cannot be used: give NAME:VALUE, as in ce-time:2026-11-23T08:00:00Z.`);
  }
  return { ...others, [name.toLowerCase()]: value.trim() };
}

/**
 * `9780134685991:2:1` as the inspection of a title: the accepted pieces, and how many of those can be sold again. A
 * value that is no number stays text, and the schema refuses it.
 */
export function inspectedArgument(argument: string): object {
  const [isbn = '', accepted, sellable = accepted, ...rest] = argument.split(':');
  if (accepted === undefined || rest.length > 0) {
    throw badInput(`--line ${shown(argument)} cannot be used: give ISBN:ACCEPTED or ISBN:ACCEPTED:SELLABLE.`);
  }
  return { isbn: readIsbn(isbn), accepted: countIn(accepted), sellable: countIn(sellable) };
}

const countIn = (text: string | undefined): unknown => (text !== undefined && /^\d+$/.test(text) ? Number(text) : text);

/** `--total`: `EUR 96.70` as money. */
export function totalArgument(argument: string): Money {
  const total = moneyIn(argument);
  if (!total) throw badInput(`--total ${shown(argument)} cannot be used: give it as it is shown, as in "EUR 96.70".`);
  return total;
}

/** A new price, as `EUR 21.00`, of one cent or penny at least. */
export function priceArgument(argument: string): Money {
  const price = moneyIn(argument);
  if (price && price.amount >= 1 && price.amount <= highestPrice) return price;
  const possible = `in ${currencies.join(', ')}, from 0.01 to ${highestPrice / 100}`;
  throw badInput(`The price ${shown(argument)} cannot be used: give it as in "EUR 21.00", ${possible}.`);
}

function moneyIn(text: string): Money | undefined {
  const [, code, units, cents] = /^([A-Z]{3}) (\d{1,9})\.(\d\d)$/.exec(text) ?? [];
  const currency = currencies.find((known) => known === code);
  return currency && { amount: Number(`${units}${cents}`), currency };
}

/** An ISBN as people write it. */
export function isbnArgument(argument: string): string {
  const isbn = readIsbn(argument);
  if (isIsbn13(isbn)) return isbn;
  throw badInput(`${shown(argument)} is no ISBN: 13 or 10 digits, the last of which fits the others.`);
}

/** `--request-id` of a change that is not an order's. */
export function requestIdArgument(argument: string): string {
  if (idPatterns.requestId.test(argument)) return argument;
  throw badInput(`--request-id ${shown(argument)} cannot be used: give 8 to 64 letters, digits, "_" or "-".`);
}

/** A whole number of an option, 1 to `most`. */
const wholeNumber =
  (option: string, most: number, possible = `1 to ${most}`) =>
  (argument: string): number => {
    const number = /^\d{1,9}$/.test(argument) ? Number(argument) : 0;
    if (number < 1 || number > most) throw badInput(`${option} ${shown(argument)} cannot be used: give ${possible}.`);
    return number;
  };

/** `--limit`: the most rows that are listed. */
export const limitArgument = wholeNumber('--limit', 1000);

/** `--count`: the number of facts to stop after. */
export const countArgument = wholeNumber('--count', 999_999_999, 'a whole number, 1 or more');

/** `--window`: the most events that are unacknowledged at a time. */
export const windowArgument = wholeNumber('--window', 1024);

/** `--deadline`, in seconds, as milliseconds. */
export function deadlineArgument(argument: string): number {
  const seconds = /^\d{1,4}(\.\d{1,3})?$/.test(argument) ? Number(argument) : 0;
  if (seconds <= 0) throw badInput(`--deadline ${shown(argument)} cannot be used: give seconds, as in 10 or 0.5.`);
  return seconds * 1000;
}

/** `--per-second`: the rate of a channel that is released. */
export const rateArgument = wholeNumber('--per-second', highestRate);

const everySeconds = wholeNumber('--every', 3_600);

/** `--every`, in seconds, as milliseconds. */
export const everyArgument = (argument: string): number => everySeconds(argument) * 1_000;

/** One of these words for an option. */
const oneOf =
  <Word extends string>(option: string, words: readonly Word[]) =>
  (argument: string): Word => {
    const word = words.find((known) => known === argument);
    if (!word) throw badInput(`${option} ${shown(argument)} cannot be used: give one of ${words.join(', ')}.`);
    return word;
  };

/** `--state` of orders. */
export const stateArgument = oneOf('--state', orderStates);

/** `--reason` of holds. */
export const reasonArgument = oneOf('--reason', holdReasons);

/** `--state` of cases: one of them, or `open` for all that are not closed. */
export const caseStateArgument = oneOf('--state', ['open', ...caseStates]);

/** `--update-id`: Temporal keeps the update under it. */
export function updateIdArgument(argument: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(argument)) {
    const message = `--update-id ${shown(argument)} cannot be used: give 1 to 200 characters without spaces.`;
    throw badInput(message);
  }
  return argument;
}

/** The facts that `listen` selects; none given selects all. */
export function factArguments(given: readonly string[]): readonly FactName[] | undefined {
  const known = Object.keys(factAreas) as FactName[];
  const facts = given.map((argument) => {
    const fact = known.find((name) => name === argument);
    if (!fact) throw badInput(`There is no fact ${shown(argument)}: give any of ${known.join(', ')}.`);
    return fact;
  });
  return facts.length > 0 ? facts : undefined;
}

/** An order's id in its minted form. Another text cannot be an id, and is not looked for. */
export function orderIdArgument(argument: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(argument)) throw badInput(`${shown(argument)} is not an order id.`);
  return argument;
}

/** A case's id in its minted form. Another text cannot be an id, and is not looked for. */
export function caseIdArgument(argument: string): string {
  if (!/^[A-Za-z0-9._~-]{1,200}$/.test(argument)) throw badInput(`${shown(argument)} is not the id of a repair case.`);
  return argument;
}

/** A webhook's id in its minted form. Another text cannot be an id, and is not looked for. */
export function webhookIdArgument(argument: string): string {
  if (!/^wh_[0-9a-f]{16}$/.test(argument)) throw badInput(`${shown(argument)} is not the id of a webhook.`);
  return argument;
}

/** `--noted`: a place in the audit trail and its hash, as `cases verify` has printed them. */
export function notedArgument(argument: string): AuditMark {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(argument) ?? [];
  if (position === undefined || hash === undefined) {
    throw badInput(`--noted ${shown(argument)} cannot be used: give PLACE:HASH as "cases verify" has printed it.`);
  }
  return { position: Number(position), hash };
}

const badInput = (message: string): AppError => new AppError('bad-input', message);

const shown = (argument: string): string => JSON.stringify(argument.slice(0, 80));
