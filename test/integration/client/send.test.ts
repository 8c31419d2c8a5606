import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, StringCodec, type NatsConnection } from 'nats';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import { openBroker } from '../../../app/nats.ts';
import { customerEventQueue } from '../../../contracts/customer-event-queue.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { openRig, type Rig } from '../../support/rig.ts';

let rig: Rig;
let nats: NatsConnection;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'send-'));
  rig = await openRig({ nats: true });
  nats = await connect({ servers: rig.nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  rig.onClose(() => nats.close());
});
afterAll(async () => {
  await rig.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  const management = await nats.jetstreamManager();
  await management.streams.delete(customerEventQueue.stream).catch(() => undefined);
});

const run = (...argv: readonly string[]) => runCommandLine(rig.env, 'send', ...argv);

const event = (id: string, data: unknown = { customerId: id }) =>
  JSON.stringify({ specversion: '1.0', id, source: 'urn:shop', type: 'address-changed', data });

const numbered = (count: number) => Array.from({ length: count }, (_, index) => event(`e-${index + 1}`));

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const state = async () => (await (await nats.jetstreamManager()).streams.info(customerEventQueue.stream)).state;

/** The queue, with room for so many. */
async function smallQueue(maxMessages: number): Promise<void> {
  const broker = await openBroker({ env: rig.env, identity: 'producer', note: () => undefined });
  await ensureCustomerEventStream(broker, { maxMessages });
  await broker.close();
}

describe('send', () => {
  test('puts one event into the queue, as CloudEvents in binary mode', async () => {
    const ran = await run(join(import.meta.dirname, '../../../docs/examples/place-order.json'), '--json');
    expect({ code: ran.code, noted: ran.noted, objects: objects(ran) }).toEqual({
      code: 0,
      noted: [],
      objects: [{ sent: 1, acknowledged: 1, refused: 0 }],
    });
    const management = await nats.jetstreamManager();
    const { subject, header, data } = await management.streams.getMessage(customerEventQueue.stream, { seq: 1 });
    expect(subject).toBe('customer.event.place-order');
    expect(Object.fromEntries([...header].map(([name, [value]]) => [name, value]))).toMatchObject({
      'ce-specversion': '1.0',
      'ce-id': 'example-place-order-1',
      'ce-source': 'urn:example:web-shop',
      'ce-type': 'place-order',
      'ce-partitionkey': 'c-1',
      'ce-datacontenttype': 'application/json',
    });
    expect(JSON.parse(StringCodec().decode(data))).toMatchObject({ customerId: 'c-1', card: 'card_ok' });
  });

  test('puts thousands of lines into it, and tells of those that it cannot publish by their lines', async () => {
    const lines = numbered(2000);
    lines[9] = 'no JSON';
    lines[19] = '{"specversion":"1.0"}';
    lines[29] = event('e-large', { customerId: 'c-1', text: 'x'.repeat(1_048_500) });
    lines[39] = event('e-bad', { customerId: 'c-1', text: 'x'.repeat(900_000) });
    const ran = await run(await file('many.jsonl', lines), '--json');
    expect(ran.noted).toEqual([
      'Line 10 is not JSON.',
      'Line 20 is not a CloudEvent: id must be 1 to 200 printable ASCII characters without spaces.',
      expect.stringMatching(/^Line 30( \(e-large\))? (is longer than|was refused: it is larger)/),
      '3 of 2000 were not taken.',
    ]);
    expect({ code: ran.code, objects: objects(ran) }).toEqual({
      code: 1,
      objects: [{ sent: 2000, acknowledged: 1997, refused: 3 }],
    });
    expect(await state()).toMatchObject({ messages: 1997 });
  });

  test('tells that the queue is full, and sends the rest when it is run again with its report', async () => {
    await smallQueue(5);
    const path = await file('full.jsonl', numbered(12));
    const report = join(folder, 'full.report.jsonl');
    const first = await run(path, '--report', report, '--window', '2', '--deadline', '0.3', '--json');
    const [told] = objects(first);
    expect({ code: first.code, told }).toEqual({ code: 1, told: { sent: 7, acknowledged: 5, refused: 2 } });
    expect(first.noted.join('\n')).toMatch(/Line 6 \(e-6\) was refused: the queue is full\./);
    expect(first.noted.at(-1)).toBe(
      `Sending stopped at line 6: to send the rest, run it again with --report ${report}.`,
    );
    const management = await nats.jetstreamManager();
    await management.streams.purge(customerEventQueue.stream);
    await management.streams.update(customerEventQueue.stream, { max_msgs: 100 });
    const again = await run(path, '--report', report, '--json');
    expect({ code: again.code, objects: objects(again) }).toEqual({
      code: 0,
      objects: [{ sent: 7, acknowledged: 7, refused: 0 }],
    });
    expect(await state()).toMatchObject({ messages: 7 });
    const lines = (await readFile(report, 'utf8')).split('\n').filter(Boolean);
    expect(lines.filter((line) => line.includes('"acknowledged"'))).toHaveLength(12);
  });

  test('waits for a NATS that is away for a moment, and loses nothing; what it asked again may be there twice', async () => {
    const path = await file('away.jsonl', numbered(1500));
    const running = run(path, '--json', '--deadline', '30', '--window', '16');
    const kept = async () => (await state().catch(() => undefined))?.messages ?? 0;
    await expect.poll(kept, { timeout: 20_000, interval: 10 }).toBeGreaterThan(100);
    await rig.nats.kill();
    await rig.nats.start();
    const ran = await running;
    expect({ code: ran.code, objects: objects(ran) }).toEqual({
      code: 0,
      objects: [{ sent: 1500, acknowledged: 1500, refused: 0 }],
    });
    const messages = (await state()).messages;
    expect(messages).toBeGreaterThanOrEqual(1500);
    expect(messages).toBeLessThanOrEqual(1500 + 16); // those in flight
  });

  test('ends with 2 for a file that is not there, and sends nothing', async () => {
    const { code, printed, noted } = await run(join(folder, 'none.jsonl'), '--json');
    expect({ code, printed, noted }).toEqual({
      code: 2,
      printed: [],
      noted: [expect.stringContaining('none.jsonl cannot be read')],
    });
  });

  test('reads stdin, and stops at Ctrl-C with its counts and its report', async () => {
    const report = join(folder, 'interrupted.report.jsonl');
    const client = join(import.meta.dirname, '../../../client/start.mjs');
    const sending = spawn(process.execPath, [client, 'send', '-', '--json', '--report', report], { env: rig.env });
    let printed = '';
    sending.stdout.on('data', (chunk) => (printed += String(chunk)));
    sending.stdin.write(`${numbered(3).join('\n')}\n`);
    await expect.poll(() => readFile(report, 'utf8').catch(() => ''), { timeout: 20_000 }).toContain('"e-3"');
    sending.kill('SIGINT');
    const [code] = (await once(sending, 'close')) as [number];
    expect({ code, printed: JSON.parse(printed) }).toEqual({
      code: 1,
      printed: { sent: 3, acknowledged: 3, refused: 0 },
    });
  });
});
