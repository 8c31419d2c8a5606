import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { styleFor } from '../../../client/print/style.ts';
import { runClient } from '../../../client/program.ts';
import type { Money } from '../../../contracts/money.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [['order-placement', 'relay', 'listener:price-ticker']]);
});
afterAll(() => shop.rig.close()); // no workflow runs here that could be replayed

const run = (...argv: readonly string[]) => runCommandLine(shop.rig.env, ...argv);

const isbn = '9780134685991';
const other = '9780132350884';

const factsOf = async (title: string) => (await shop.factsOf(title)).filter((name) => name === 'price-changed').length;

/** Follows prices until the test ends, and gathers what is printed. */
function following(...argv: readonly string[]) {
  const printed: string[] = [];
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  void runClient(['prices', ...argv, '--json'], {
    env: shop.rig.env,
    style: styleFor({ isTerminal: false, env: {} }),
    print: (line) => void printed.push(line),
    note: (line) => void printed.push(line),
    interrupted: ending.signal,
  });
  return () => objects({ code: 0, printed, noted: [] });
}

const toEuro = (amount: number) => expect.objectContaining({ price: { amount, currency: 'EUR' } }) as object;

test('a price is changed once, is heard live, and is there for one who comes late', async () => {
  const changed = await run('price', '978-0-13-468599-1', 'EUR 21.00', '--request-id', 'price-0001', '--json');
  expect(changed).toMatchObject({ code: 0, noted: [] });
  expect(objects(changed)).toMatchObject([
    { isbn, price: { amount: 2100 }, before: { amount: 4590 }, isChanged: true, requestId: 'price-0001' },
  ]);
  const heard = following(isbn);
  await until(() => heard().length === 1, { what: 'the last price' });
  const again = await run('price', isbn, 'EUR 21.00', '--request-id', 'price-0001', '--json');
  expect(objects(again)).toMatchObject([{ price: { amount: 2100 }, before: { amount: 4590 }, isChanged: true }]);
  expect(await run('price', isbn, 'EUR 22.00')).toMatchObject({ code: 0, noted: [] });
  await until(() => heard().length === 2, { what: 'the new price' });
  expect(heard()).toMatchObject([
    { key: isbn, name: 'price-changed', body: toEuro(2100) },
    { key: isbn, name: 'price-changed', body: toEuro(2200), from: 'live' },
  ]);
  const late = await run('prices', isbn, '--count', '1');
  expect(late.printed).toEqual([
    expect.stringMatching(/^[\d:.]{12} {2}last {2}9780134685991 {2}EUR 22\.00 {2}GBP [\d.]+ {2}USD [\d.]+$/),
  ]);
  expect(await factsOf(isbn)).toBe(2);
});

test('the same price tells nothing, and says so', async () => {
  const [row] = await shop.sql<Money>(`SELECT amount FROM order_placement.price WHERE isbn = $1 AND currency = 'EUR'`, [
    other,
  ]);
  const { code, printed } = await run('price', other, `EUR ${((row?.amount ?? 0) / 100).toFixed(2)}`);
  expect({ code, printed: printed.join('\n') }).toEqual({
    code: 0,
    printed: expect.stringContaining('the same: nothing was changed') as string,
  });
  expect(await factsOf(other)).toBe(0);
});

test('what cannot be is refused with a sentence', async () => {
  await shop.sql(`DELETE FROM order_placement.price WHERE isbn = $1 AND currency = 'GBP'`, [other]);
  const cases = [
    [['9790000000995', 'EUR 1.00'], 1, 'The catalogue does not have 9790000000995.'],
    [[other, 'GBP 1.00'], 1, `${other} has no price in GBP, only in EUR, USD.`],
    [[other, 'SEK 1.00'], 2, 'The price "SEK 1.00" cannot be used: give it as in "EUR 21.00", in EUR, USD, GBP'],
    [[other, 'EUR 0.00'], 2, 'from 0.01 to 9999999.99'],
    [['9780132350885', 'EUR 1.00'], 2, '"9780132350885" is no ISBN'],
  ] as const;
  for (const [argv, code, sentence] of cases) {
    const refused = await run('price', ...argv);
    expect(refused.noted.join('\n')).toContain(sentence);
    expect(refused.code).toBe(code);
  }
  await run('price', other, 'EUR 30.00', '--request-id', 'price-0002');
  expect(await run('price', other, 'EUR 31.00', '--request-id', 'price-0002')).toMatchObject({
    code: 1,
    noted: [expect.stringContaining('Request id price-0002 was used for another price already')],
  });
  expect(await factsOf(other)).toBe(1);
});

test('without an answer in time it says how to ask again, and the change is done once', async () => {
  const release = await shop.holdRows(`SELECT FROM order_placement.title WHERE isbn = '${other}' FOR UPDATE`);
  const asking = ['price', other, 'EUR 32.00', '--request-id', 'price-0003'];
  const unanswered = await run(...asking, '--deadline', '0.5');
  expect(unanswered.code).toBe(1);
  expect(unanswered.noted.join('\n')).toMatch(
    /^It is not known whether the price was changed: no answer within 0\.5 s\..*--request-id price-0003/,
  );
  await release();
  expect(objects(await run(...asking, '--json'))).toMatchObject([{ price: { amount: 3200 }, isChanged: true }]);
  await until(async () => (await factsOf(other)) === 2);
});
