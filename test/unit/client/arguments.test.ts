import { describe, expect, test } from 'vitest';
import {
  countArgument,
  deadlineArgument,
  factArguments,
  inspectedArgument,
  isbnArgument,
  limitArgument,
  lineArgument,
  orderIdArgument,
  priceArgument,
  requestIdArgument,
  stateArgument,
  totalArgument,
} from '../../../client/options/arguments.ts';

const badInput = expect.objectContaining({ kind: 'bad-input', exitCode: 2 });

/** What is thrown instead of a value. */
function thrown(work: () => unknown): unknown {
  try {
    return `no error but ${String(work())}`;
  } catch (error) {
    return error;
  }
}

describe('a line', () => {
  test('is an ISBN and a quantity', () => {
    expect(lineArgument('9780134685991:2')).toEqual({ isbn: '9780134685991', quantity: 2 });
  });

  test('may have hyphens in its ISBN', () => {
    expect(lineArgument('978-0-13-468599-1:2').isbn).toBe('9780134685991');
    for (const isbn of ['0-13-468599-7', '0134685997', 'ISBN 978 0 13 468599 1', '978‑0‑13‑468599‑1']) {
      expect(lineArgument(`${isbn}:2`).isbn).toBe('9780134685991');
      expect(inspectedArgument(`${isbn}:2`)).toMatchObject({ isbn: '9780134685991' });
    }
    expect(lineArgument('0-13-468599-8:2').isbn).toBe('0-13-468599-8'); // another check digit may mean any title
  });

  test.each([
    ['9780134685991:1.5', 1.5],
    ['9780134685991:-1', -1],
    ['9780134685991:12 EACH', '12 EACH'],
    ['9780134685991:', ''],
    ['9780134685991:0x10', '0x10'],
  ])('%s keeps what stands for the quantity, for the schema to refuse', (argument, quantity) => {
    expect(lineArgument(argument).quantity).toBe(quantity);
  });

  test.each(['9780134685991', '1:2:3', ''])('%j is refused', (argument) => {
    expect(thrown(() => lineArgument(argument))).toEqual(badInput);
  });
});

describe('numbers', () => {
  test('a deadline is given in seconds', () => expect(deadlineArgument('0.5')).toBe(500));

  test.each(['0', '-1', 'x', '1e3', ''])('deadline %j is refused', (argument) => {
    expect(thrown(() => deadlineArgument(argument))).toEqual(badInput);
  });

  test.each(['0', '1001', '-1', 'all', '1.5'])('limit %j is refused', (argument) => {
    expect(thrown(() => limitArgument(argument))).toEqual(badInput);
  });

  test.each(['0', 'x'])('count %j is refused', (argument) => {
    expect(thrown(() => countArgument(argument))).toEqual(badInput);
  });
});

test('a state that no order can be in is refused, with those that are', () => {
  expect(stateArgument('held')).toBe('held');
  expect(thrown(() => stateArgument('toString'))).toEqual(badInput);
});

test('facts are known by name, and none given means all', () => {
  expect(factArguments(['order-shipped', 'email-sent'])).toEqual(['order-shipped', 'email-sent']);
  expect(factArguments([])).toBeUndefined();
  expect(thrown(() => factArguments(['order-lost']))).toEqual(badInput);
});

test('something that cannot be an order id is refused before anybody is asked for it', () => {
  expect(orderIdArgument('ord-0123')).toBe('ord-0123');
  expect(thrown(() => orderIdArgument("x' OR 1=1"))).toEqual(badInput);
});

describe('--total', () => {
  test('is an amount as it is shown', () => {
    expect(totalArgument('EUR 96.70')).toEqual({ amount: 9670, currency: 'EUR' });
    expect(totalArgument('GBP 0.05')).toEqual({ amount: 5, currency: 'GBP' });
    for (const wrong of ['96.70', 'EUR 96', 'EUR 96.7', 'XXX 1.00', 'EUR -1.00', 'EUR 1.000,00', '']) {
      expect(() => totalArgument(wrong), wrong).toThrow('give it as it is shown, as in "EUR 96.70"');
    }
  });
});

describe('the arguments of a new price', () => {
  test('are a title as people write it, and an amount of one cent at least', () => {
    expect(isbnArgument('ISBN 0-13-468599-7')).toBe('9780134685991');
    expect(thrown(() => isbnArgument('9780134685992'))).toEqual(badInput);
    expect(priceArgument('EUR 21.00')).toEqual({ amount: 2100, currency: 'EUR' });
    expect(priceArgument('GBP 0.01')).toEqual({ amount: 1, currency: 'GBP' });
    for (const wrong of ['EUR 0.00', 'EUR -1.00', 'EUR 21', 'SEK 21.00', 'EUR 10000000.00', '21.00', ''])
      expect(() => priceArgument(wrong), wrong).toThrow('in EUR, USD, GBP, from 0.01 to 9999999.99');
  });

  test('may come with a request id of its form', () => {
    expect(requestIdArgument('price_0001-a')).toBe('price_0001-a');
    for (const wrong of ['short', 'a/b/c/d/e', 'x'.repeat(65)])
      expect(thrown(() => requestIdArgument(wrong))).toEqual(badInput);
  });
});
