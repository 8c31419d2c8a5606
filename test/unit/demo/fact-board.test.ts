import { expect, test } from 'vitest';
import type { Fact } from '../../../contracts/facts.ts';
import { putUpFactBoard } from '../../../demo/fact-board.ts';
import { aFact } from '../../support/facts.ts';

const fact = (name: Fact['name'], key: string, body: object): Fact => aFact(name, key, body as Fact['body']);

async function* heard(...facts: readonly Fact[]): AsyncGenerator<Fact> {
  yield* facts;
}

async function* broken(): AsyncGenerator<Fact> {
  yield fact('order-created', 'ord-1', { orderId: 'ord-1' });
  throw new Error('The connection is lost.');
}

test('facts are kept by the order they tell of, whatever their key', async () => {
  const facts = [
    fact('order-created', 'ord-1', { orderId: 'ord-1' }),
    fact('stock-ordered', '9780134685991', { isbn: '9780134685991', orderId: 'ord-1' }),
    fact('stock-replenished', '9780134685991', { isbn: '9780134685991' }),
    fact('order-created', 'ord-2', { orderId: 'ord-2' }),
  ];
  const passedOn: string[] = [];
  const board = putUpFactBoard(heard(...facts), ({ name }) => void passedOn.push(name));
  const about = await board.waitFor('ord-1', (known) => known.length === 2, 1000);
  expect(about.map(({ name }) => name)).toEqual(['order-created', 'stock-ordered']);
  expect(passedOn).toContain('stock-replenished');
});

test('waiting ends when the time is over, with what is there', async () => {
  const board = putUpFactBoard(heard(), () => undefined);
  expect(await board.waitFor('ord-1', () => false, 30)).toEqual([]);
});

test('waiting ends when nothing more can be heard, and why is known', async () => {
  const board = putUpFactBoard(broken(), () => undefined);
  expect(await board.waitFor('ord-1', () => false, 60_000)).toHaveLength(1);
  expect(board.failure).toEqual(new Error('The connection is lost.'));
});
