import { expect, test } from 'vitest';
import { createRoom } from '../../../../broker-bridge/intake/room.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A room over a count that the test sets; it looks again when the test says so. */
function openRoom(most: number) {
  const stop = new AbortController();
  let underWay = 0;
  let looks = 0;
  let again: (() => void) | undefined;
  const room = createRoom({
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
    room,
    looks: () => looks,
    stop: () => stop.abort(),
    async set(count: number) {
      underWay = count;
      again?.();
      await settle();
    },
  };
}

const entering = (room: { enter(): Promise<boolean> }, count: number): { readonly in: boolean[] } => {
  const entered: boolean[] = [];
  for (let one = 0; one < count; one += 1) void room.enter().then((isIn) => entered.push(isIn));
  return { in: entered };
};

test('as many are let in as there is room for, and the next when others have ended', async () => {
  const { room, set } = openRoom(3);
  const entered = entering(room, 5);
  await settle();
  expect([entered.in, room.waiting]).toEqual([[true, true, true], 2]);
  await set(3);
  expect(entered.in).toHaveLength(3);
  await set(2);
  expect([entered.in.length, room.waiting]).toEqual([4, 1]);
});

test('while there is room the count is looked up once for many', async () => {
  const { room, looks } = openRoom(100);
  const entered = entering(room, 60);
  await settle();
  expect([entered.in.length, looks()]).toEqual([60, 1]);
  expect([await room.enter(), looks()]).toEqual([true, 1]);
});

test('nobody is let in while the count cannot be looked up', async () => {
  const { room, set } = openRoom(3);
  await set(-1);
  const entered = entering(room, 1);
  await settle();
  expect(entered.in).toEqual([]);
  await set(0);
  expect(entered.in).toEqual([true]);
});

test('whoever waits when the intake stops is told so', async () => {
  const { room, set, stop } = openRoom(1);
  await set(1);
  const entered = entering(room, 2);
  await settle();
  stop();
  await settle();
  expect([entered.in, await room.enter()]).toEqual([[false, false], false]);
});
