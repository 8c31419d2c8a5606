import { connect, type NatsConnection } from 'nats';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askByInbox, openReplyQueue } from '../../../docs/examples/ask.ts';
import { holdTables } from '../../support/hold-tables.ts';
import { runPython } from '../../support/nats-py.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

/* The client libraries of docs/examples, in TypeScript and in Python, in both ways. */

let rig: Rig;
let nats: NatsConnection;
let sql: pg.Pool;
beforeAll(async () => {
  rig = await openRig({ temporal: true, nats: true });
  await rig.launchWorker('ask');
  nats = await connect({ servers: rig.nats.url });
  rig.onClose(() => nats.close());
  sql = new pg.Pool({ connectionString: rig.databaseUrl, max: 2 });
  rig.onClose(() => sql.end());
});
afterAll(() => rig.close());

const isbn = '9780134685991';
const stock = { isbns: [isbn] };
const inStock = { titles: [{ isbn, onHand: expect.any(Number) }] };
const badStock = { isbns: ['1'] };
const badKind = { kind: 'bad-input', problems: [{ field: 'isbns[0]', message: expect.any(String) }] };

const inTypeScript = {
  inbox: async <Result>(work: (asks: typeof askByInbox) => Promise<Result>) => work(askByInbox),
  queue: async <Result>(work: (asks: typeof askByInbox) => Promise<Result>) => {
    const queue = openReplyQueue(nats);
    return work((_nats, ...asked) => queue.ask(...asked)).finally(queue.close);
  },
};

describe.each(['inbox', 'queue'] as const)('ask.ts, by %s', (way) => {
  const using = inTypeScript[way];

  it('resolves with the value of each of many answers', async () => {
    const values = await using((asks) => Promise.all(Array.from({ length: 20 }, () => asks(nats, 'stock', stock))));
    expect(values).toEqual(Array.from({ length: 20 }, () => inStock));
  });

  it('rejects with the sentence of an error, its kind and its problems', async () => {
    await expect(using((asks) => asks(nats, 'stock', badStock))).rejects.toMatchObject(badKind);
  });

  it('says at once that nobody serves a question', async () => {
    const began = Date.now();
    const asking = using((asks) => asks(nats, 'nothing', {}));
    await expect(asking).rejects.toThrow('Nobody serves orders.ask.nothing at the moment');
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('drops an answer that comes late, and takes the next one', async () => {
    const release = await holdTables(sql, ['inventory.stock']);
    try {
      await using(async (asks) => {
        await expect(asks(nats, 'stock', { isbns: ['9780000000002'] }, 500)).rejects.toThrow('not answered in time');
        const next = asks(nats, 'stock', stock);
        await release();
        expect(await next).toEqual(inStock);
      });
    } finally {
      await release();
    }
  });
});

it('a late answer does come on the shared reply subject, and is dropped by its correlation id', async () => {
  const seen: string[] = [];
  const watching = nats.subscribe('replies.shared', {
    callback: (_none, { headers }) => void seen.push(headers?.get('correlation-id') ?? ''),
  });
  const queue = openReplyQueue(nats, 'replies.shared');
  const releaseStock = await holdTables(sql, ['inventory.stock']);
  const releaseOrders = await holdTables(sql, ['mediator_store.flow']);
  try {
    await expect(queue.ask('stock', stock, 300)).rejects.toThrow('not answered in time');
    const next = queue.ask('order-status', { orderId: `ord-${'0'.repeat(20)}` });
    await releaseStock();
    await until(() => seen.length === 1, { what: 'the late answer' });
    await releaseOrders();
    await expect(next).rejects.toMatchObject({ kind: 'not-found' });
    expect(new Set(seen).size).toBe(2);
  } finally {
    await releaseStock();
    await releaseOrders();
  }
  queue.close();
  watching.unsubscribe();
});

describe.each(['inbox', 'queue'] as const)('ask.py, by %s', (way) => {
  const python = (question: string, body: object) =>
    runPython('ask.py', [question, JSON.stringify(body), way], rig.env);

  it('prints the value of an answer', async () => {
    const { code, printed, noted } = await python('stock', stock);
    expect({ code, noted }).toEqual({ code: 0, noted: '' });
    expect(JSON.parse(printed)).toEqual(inStock);
  });

  it('ends with the error of an answer', async () => {
    const { code, noted } = await python('stock', badStock);
    expect(code).toBe(1);
    expect(JSON.parse(noted)).toMatchObject(badKind);
  });

  it('says that nobody serves a question', async () => {
    const { code, noted } = await python('nothing', {});
    expect({ code, noted }).toEqual({
      code: 1,
      noted: 'Nobody serves orders.ask.nothing at the moment: ask again later, unchanged.',
    });
  });
});
