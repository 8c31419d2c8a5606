import { expect, test } from 'vitest';
import { createBackPressure } from '../../../../broker-bridge/intake/back-pressure.ts';

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Back-pressure by a count that the test sets; it reads again when the test says so. */
function underPressure(most: number) {
  const stop = new AbortController();
  let underWay = 0;
  let looks = 0;
  let again: (() => void) | undefined;
  const backPressure = createBackPressure({
    most,
    signal: stop.signal,
    underWay: () => {
      looks += 1;
      return underWay < 0 ? Promise.reject(new Error('The database is away.')) : Promise.resolve(underWay);
    },
    pause: (_, signal) =>
      new Promise((resolve) => {
        again = resolve;
        signal?.addEventListener('abort', () => resolve());
      }),
  });
  return {
    backPressure,
    looks: () => looks,
    stop: () => stop.abort(),
    async set(count: number) {
      underWay = count;
      again?.();
      await aTurn();
    },
  };
}

const entering = (backPressure: { admit(): Promise<boolean> }, count: number): { readonly in: boolean[] } => {
  const entered: boolean[] = [];
  for (let one = 0; one < count; one += 1) void backPressure.admit().then((isIn) => entered.push(isIn));
  return { in: entered };
};

test('as many are let in as there is room for, and the next when others have ended', async () => {
  const { backPressure, set } = underPressure(3);
  const entered = entering(backPressure, 5);
  await aTurn();
  expect([entered.in, backPressure.waiting]).toEqual([[true, true, true], 2]);
  await set(3);
  expect(entered.in).toHaveLength(3);
  await set(2);
  expect([entered.in.length, backPressure.waiting]).toEqual([4, 1]);
});

test('while there is room the count is looked up once for many', async () => {
  const { backPressure, looks } = underPressure(100);
  const entered = entering(backPressure, 60);
  await aTurn();
  expect([entered.in.length, looks()]).toEqual([60, 1]);
  expect([await backPressure.admit(), looks()]).toEqual([true, 1]);
});

test('nobody is let in while the count cannot be looked up', async () => {
  const { backPressure, set } = underPressure(3);
  await set(-1);
  const entered = entering(backPressure, 1);
  await aTurn();
  expect(entered.in).toEqual([]);
  await set(0);
  expect(entered.in).toEqual([true]);
});

test('whoever waits when the intake stops is told so', async () => {
  const { backPressure, set, stop } = underPressure(1);
  await set(1);
  const entered = entering(backPressure, 2);
  await aTurn();
  stop();
  await aTurn();
  expect([entered.in, await backPressure.admit()]).toEqual([[false, false], false]);
});
