import { expect, test } from 'vitest';
import type { Log } from '../../../broker-bridge/component.ts';
import { publishFact } from '../../../broker-bridge/outbox/publish.ts';
import type { OutboxFact } from '../../../broker-bridge/outbox/rows.ts';
import { aWrittenFact, factId } from '../../support/facts.ts';

const fact: OutboxFact = {
  ...aWrittenFact('order-shipped', 'ord-1', '{"carrier":"inside"}', { id: factId(7), sequence: 3 }),
  position: '7',
  timesLost: 0,
};

function trying(publish: () => Promise<{ streamSequence: number }>) {
  const told: string[] = [];
  const tell = (level: string) => (details: object, message: string) =>
    void told.push(`${level}: ${message} ${JSON.stringify(details)}`);
  const log: Log = { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
  const broker = { publish, connected: () => Promise.resolve(), ensureStream: () => Promise.resolve() };
  const { signal } = new AbortController();
  return { told, attempt: (nth: number) => publishFact(fact, nth, { broker, source: 'order-mediator', log, signal }) };
}

test('a fact that keeps failing is an error once, with its id, key and reason and without its body', async () => {
  const { told, attempt } = trying(() => Promise.reject(new Error('too large')));
  for (let nth = 1; nth <= 20; nth += 1) expect(await attempt(nth)).toBeNull();
  const loud = told.filter((line) => !line.startsWith('debug'));
  expect(loud).toHaveLength(1);
  expect(loud[0]).toMatch(/^error: A fact cannot be published/);
  for (const part of [fact.id, 'ord-1', 'too large']) expect(loud[0]).toContain(part);
  expect(told.join('\n')).not.toContain('inside');
});

test('a published fact is told of at the debug level only', async () => {
  const { told, attempt } = trying(() => Promise.resolve({ streamSequence: 42 }));
  expect(await attempt(1)).toEqual({ position: '7', streamSequence: 42 });
  expect(told).toEqual([expect.stringMatching(/^debug: Published a fact .*"sequence":3,"streamSequence":42/)]);
});
