import { dataschemaOf } from '../../../contracts/cloud-events.ts';
import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { isRecord } from '../../../contracts/reading/record.ts';
import { changeAt } from './fields.ts';
import { contentRule } from './rule.ts';

interface Renamed {
  readonly now: string;
  readonly fits: (value: unknown) => boolean;
}

type Names = Readonly<Record<string, Renamed>>;

const isJsonText = (value: unknown): boolean => typeof value === 'string';
const isAmount = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

const customer: Names = { customer: { now: 'customerId', fits: isJsonText } };
const itemsToLines: Names = { items: { now: 'lines', fits: Array.isArray } };
const request: Names = { request: { now: 'requestId', fits: isJsonText } };
const order: Names = { order: { now: 'orderId', fits: isJsonText } };

/** The names of version 0, each with the kind of value that makes its meaning certain. */
const topNames: Readonly<Record<string, Names>> = {
  'customer-registered': { ...customer, mail: { now: 'email', fits: isJsonText } },
  'address-changed': { ...customer, shipTo: { now: 'address', fits: isRecord } },
  'place-order': {
    ...customer,
    ...itemsToLines,
    ...request,
    address: { now: 'shipTo', fits: isRecord },
  },
  'return-requested': { ...customer, ...itemsToLines, ...request, ...order },
};

const innerNames: readonly (readonly [path: readonly string[], names: Names])[] = [
  [['lines', '*'], { qty: { now: 'quantity', fits: isAmount }, ISBN: { now: 'isbn', fits: isAmount } }],
  ...['shipTo', 'address'].map((field): readonly [readonly string[], Names] => [
    [field],
    {
      zip: { now: 'postcode', fits: isJsonText },
      postalCode: { now: 'postcode', fits: isJsonText },
      town: { now: 'city', fits: isJsonText },
      countryCode: { now: 'country', fits: isJsonText },
    },
  ]),
];

/** Names that cost money when they are misunderstood: they hold only in a message that states version 0. */
const whenStated: Readonly<Record<string, Names>> = { 'place-order': { token: { now: 'card', fits: isJsonText } } };

/**
 * A field that is there already is never overwritten. In a message of another version the old names have no known
 * meaning.
 */
export const renamedFields = contentRule(
  {
    name: 'renamed-fields',
    version: 1,
    sentence:
      'Fields that version 0 called otherwise have their names of today, unless the message is of another version.',
  },
  (content, { kind, headers }) => {
    const names = Object.hasOwn(topNames, kind) ? topNames[kind] : undefined;
    const stated = headers[eventHeaders.dataschema];
    const isStated = stated === dataschemaOf(kind, 0);
    if (!names || (stated !== undefined && !isStated)) return content;
    const renamed = rename(content, isStated ? { ...names, ...whenStated[kind] } : names);
    return innerNames.reduce((changed, [path, inner]) => changeAt(changed, path, (at) => rename(at, inner)), renamed);
  },
);

function rename(value: unknown, names: Names): unknown {
  if (!isRecord(value)) return value;
  const taken = new Set(Object.keys(value));
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => {
    const renamed = Object.hasOwn(names, name) ? names[name] : undefined;
    if (!renamed || taken.has(renamed.now) || !renamed.fits(inner)) return [name, inner];
    taken.add(renamed.now);
    return [renamed.now, inner];
  });
  return entries.some(([name]) => !Object.hasOwn(value, name)) ? Object.fromEntries(entries) : value;
}
