import { isLine as isLineOfText, isWhole } from '../kit/updates.ts';
import { currencies, type Money } from '../../contracts/money.ts';
import type { Suspicion } from '../../contracts/mediators/order-mediator.ts';
import type { Amend, OrderActionName, OrderActions } from '../../contracts/mediators/order-actions.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import { needsPostcode, shippingZones, type Address } from '../../contracts/address.ts';
import { idPatterns } from '../../contracts/ids.ts';

/*
 * The content of actions is checked here, although the client checks it by schema: an update may also come from the
 * Web UI or the Temporal CLI, and bad content must not reach the order. These checks are by hand: zod would make the
 * bundle too large (docs/adr/0016).
 */

type Wrong = string | undefined;

/** The fault in an action's content, as one sentence; undefined when it may be taken. */
export function whatIsWrong<Name extends OrderActionName>(action: Name, input: OrderActions[Name]): Wrong {
  return wrongActor(action, input.actor) ?? contentChecks[action](input as never);
}

const contentChecks: { readonly [Name in OrderActionName]: (input: never) => Wrong } = {
  pay: ({ card }: OrderActions['pay']) =>
    isText(card, idPatterns.card) ? undefined : 'The card must be a token of the card gateway.',
  amend: (input: Amend) => wrongAmendment(input),
  approve: ({ total }: OrderActions['approve']) =>
    total === undefined || isMoney(total) ? undefined : 'The total must be an amount in minor units and its currency.',
  retry: () => undefined,
  skip: ({ command }: OrderActions['skip']) => (typeof command === 'string' ? undefined : 'Say which command to skip.'),
  cancel: ({ reason }: OrderActions['cancel']) =>
    reason === null || reason === undefined || isLineOfText(reason, 200)
      ? undefined
      : 'The reason must be one line of up to 200 characters.',
};

const operatorsOnly: readonly OrderActionName[] = ['approve', 'retry', 'skip'];

function wrongActor(action: OrderActionName, actor: string | null | undefined): Wrong {
  if (actor === null || actor === undefined) {
    return operatorsOnly.includes(action) ? `Only an operator may ${action}, and has to say a name.` : undefined;
  }
  return isLineOfText(actor, 64) ? undefined : 'The name of who acts must be one line of 1 to 64 characters.';
}

function wrongAmendment({ lines, shipTo }: Amend): Wrong {
  if (!lines && !shipTo) return 'An amendment has to say what changes: lines, the address, or both.';
  return (lines ? wrongLines(lines) : undefined) ?? (shipTo ? wrongAddress(shipTo) : undefined);
}

function wrongLines(lines: readonly OrderLine[]): Wrong {
  if (!Array.isArray(lines) || lines.length === 0)
    return 'An order needs at least one line; cancel it to have nothing.';
  if (lines.length > 100) return 'An order has at most 100 lines.';
  if (new Set(lines.map((line) => line?.isbn)).size < lines.length) return 'Every title stands on one line only.';
  return lines.every(isLine) ? undefined : 'A line is an ISBN-13 and a whole quantity from 1 to 10,000.';
}

function isLine(line: OrderLine | null): boolean {
  return isWhole(line?.quantity, 1, 10_000) && isText(line?.isbn, idPatterns.isbn);
}

function wrongAddress(address: Address): Wrong {
  const { name, street, city, postcode, country } = address;
  const isKnown = Object.hasOwn(shippingZones, country);
  const hasPostcode = postcode === undefined ? isKnown && !needsPostcode(country) : isLineOfText(postcode, 20);
  return isKnown && hasPostcode && [name, street, city].every((part) => isLineOfText(part, 200))
    ? undefined
    : 'The address is not whole: it needs name, street, city, the two-letter code of a country we ship to, and a postcode where that country has one.';
}

/** True for the content of a signal that says what is suspected; it may come from the Temporal CLI. */
export const isSuspicion = (content: Partial<Suspicion> | null): content is Suspicion =>
  isLineOfText(content?.suspicionId, 64) && isLineOfText(content?.why, 300);

const isMoney = (value: Partial<Money> | null): boolean =>
  Number.isInteger(value?.amount) && typeof value?.currency === 'string' && currencies.includes(value.currency);

const isText = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);
