import { afterAll, beforeAll, expect, test } from 'vitest';
import { allPublished, openBridge, type Bridge } from '../../support/bridge.ts';
import { runPython } from '../../support/nats-py.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
});

afterAll(() => bridge?.rig.close());

const run = (count: number) => runPython('listener.py', ['in-python', 'email-sent', String(count)], bridge.rig.env);

test('the listener in Python hears each fact, whatever its key, and goes on where it was', async () => {
  await bridge.record(['anna b.c', 'кот'], 2);
  await allPublished(bridge);
  const first = await run(4);
  expect(first).toMatchObject({ code: 0, noted: '' });
  const lines = first.printed.split('\n').map((line) => line.replace(/ \{.*/, ''));
  expect(lines.toSorted()).toEqual([
    'email-sent anna b.c 1',
    'email-sent anna b.c 2',
    'email-sent кот 1',
    'email-sent кот 2',
  ]);
  await bridge.record(['кот'], 1);
  await allPublished(bridge);
  const again = await run(1);
  expect(again.printed).toMatch(/^email-sent кот 3 \{/);
});
