/*
 * Events in blocks of 400: 360 of the simple class, 40 of the hard one, 8 of all bad. Rules repair four of the bad
 * ones, and none repairs the other four. Two of those have a later event of their customer behind them, which
 * waits until they are discarded.
 */

export const blockSize = 400;

/** The outcome that one block must have. */
export const perBlock = { bad: 8, byRules: 4, discarded: 4, waiting: 2 };

const titles = ['9780134685991', '9780132350884', '9780201633610', '9780135957059'];

const address = (country: string, rest: object = {}) => ({
  name: 'Lab',
  street: '1 Bench Road',
  city: 'Berlin',
  postcode: '10115',
  country,
  ...rest,
});

const place = (customerId: string, quantity: unknown, at: number) => ({
  requestId: `bulk-order-${at}`,
  customerId,
  lines: [{ isbn: titles[at % titles.length], quantity }],
  card: 'card_ok',
  shipTo: address('DE'),
  currency: 'EUR',
});

const moved = (customerId: string, to: object) => ['address-changed', { customerId, address: to }] as const;
const registered = (customerId: string, email: string) =>
  ['customer-registered', { customerId, name: 'Lab', email }] as const;

/** The special events of a block, by their place; `at` is the event's number over all. */
const special: Readonly<Record<number, (at: number) => readonly [string, object]>> = {
  20: (at) => moved(`lab-${at}`, address('Germany')),
  59: (at) => ['place-order', place(`lab-${at}`, '1 EACH', at)],
  121: (at) => registered(`new-${at}`, `New-${at}@Example.COM`),
  160: (at) => ['address-changed', { customer: `lab-${at}`, shipTo: address('DE') }],
  200: (at) => moved(`lab-${at}`, address('Atlantis')),
  241: (at) => registered(`new-${at}`, 'nowhere'),
  300: (at) => moved(`lab-${at}`, address('DE', { postcode: '' })),
  307: (at) => moved(`lab-${at - 7}`, address('DE')),
  340: (at) => moved(`lab-${at}`, address('Atlantis')),
  347: (at) => moved(`lab-${at - 7}`, address('DE')),
};

/** The line of the event of this number, from 0. */
export function eventLine(at: number): string {
  const [type, data] = special[at % blockSize]?.(at) ?? ordinary(at);
  const time = '2026-11-23T10:00:00Z';
  return JSON.stringify({ specversion: '1.0', id: `bulk-${at}`, source: 'urn:lab', type, time, data });
}

function ordinary(at: number): readonly [string, object] {
  if (at % 10 === 9) return ['place-order', place(`lab-${at}`, 1, at)];
  return at % 2 === 0 ? moved(`lab-${at}`, address('DE')) : registered(`new-${at}`, `new-${at}@example.com`);
}
