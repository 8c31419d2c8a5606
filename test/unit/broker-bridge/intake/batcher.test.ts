import { expect, test } from 'vitest';
import { createBatcher } from '../../../../broker-bridge/intake/batcher.ts';

test('what comes while a batch is under way goes with the next one, all at once', async () => {
  const batches: (readonly number[])[] = [];
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const batch = createBatcher<number>(async (items) => {
    batches.push(items);
    if (batches.length === 1) await gate;
  });
  const first = batch(1);
  await Promise.resolve();
  await Promise.resolve();
  const others = [batch(2), batch(3)];
  open?.();
  await Promise.all([first, ...others]);
  expect(batches).toEqual([[1], [2, 3]]);
});

test('a batch that fails fails for all that were in it, and for nobody else', async () => {
  let fails = true;
  const batch = createBatcher<number>(async () => {
    if (fails) throw new Error('away');
  });
  await expect(Promise.all([batch(1), batch(2)])).rejects.toThrow('away');
  fails = false;
  await expect(batch(3)).resolves.toBeUndefined();
});
