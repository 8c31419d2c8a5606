import { expect, test } from 'vitest';
import { createGather } from '../../../../broker-bridge/intake/gather.ts';

test('what comes while a group is under way goes with the next one, all at once', async () => {
  const groups: (readonly number[])[] = [];
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const gather = createGather<number>(async (items) => {
    groups.push(items);
    if (groups.length === 1) await gate;
  });
  const first = gather(1);
  await Promise.resolve();
  await Promise.resolve();
  const others = [gather(2), gather(3)];
  open?.();
  await Promise.all([first, ...others]);
  expect(groups).toEqual([[1], [2, 3]]);
});

test('a group that fails fails for all that were in it, and for nobody else', async () => {
  let fails = true;
  const gather = createGather<number>(async () => {
    if (fails) throw new Error('away');
  });
  await expect(Promise.all([gather(1), gather(2)])).rejects.toThrow('away');
  fails = false;
  await expect(gather(3)).resolves.toBeUndefined();
});
