import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import type { MeasurementList } from '../../../dashboard/server/api/measurements.ts';
import { createMeasurements, resultFolder } from '../../../dashboard/server/measurements.ts';
import { resultFolder as written, type Result } from '../../../lab/kit/save.ts';
import { deskHost, openBareDesk, type DeskBrowser } from '../../support/bare-desk.ts';

let [outside, folder] = ['', ''];
let browser: DeskBrowser;

const result = (measurement: string, measuredAt: string): Result & { readonly perSecond: number } => ({
  measurement,
  measuredAt,
  machine: { processor: 'A processor', cores: 2, memoryGiB: 8, system: 'Linux 6' },
  versions: { node: '20' },
  runs: 5,
  settings: { 'at once': 50 },
  perSecond: 20,
  tables: [{ title: 'Speed', columns: ['side', 'orders/s'], rows: [['bare', 20]] }],
  charts: [{ name: 'speed', title: 'Speed', kind: 'bars', xLabel: '', yLabel: '', series: [] }],
  notes: ['It was fast.'],
});

const put = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

const list = async () => (await browser.get('/api/measurements')).json<MeasurementList>().measurements;

beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'results-'));
  folder = join(outside, 'benchmarks');
  browser = await (await openBareDesk({ measurements: createMeasurements(folder) })).browser();
});

afterEach(() => rm(outside, { recursive: true }));

it('reads where the lab writes', () => {
  expect(join(resultFolder, '/')).toBe(written);
});

it('lists nothing where nothing was measured', async () => {
  expect(await list()).toEqual([]);
});

it('lists the results, the newest first, without the data of their charts, and leaves out what is none', async () => {
  await mkdir(folder);
  await put('growth.json', result('growth', '2026-11-29T10:00:00.000Z'));
  await put('orders.json', result('orders', '2026-11-30T10:00:00.000Z'));
  await put('half.json', '{ "measurement": "half", ');
  await put('other.json', { measurement: 'other' });
  const [first, second, ...more] = await list();
  expect([first?.measurement, second?.measurement, more]).toEqual(['orders', 'growth', []]);
  expect(first?.charts).toEqual([{ name: 'speed', title: 'Speed' }]);
  expect(first).toMatchObject({
    runs: 5,
    machine: { cores: 2 },
    tables: [{ title: 'Speed' }],
    notes: ['It was fast.'],
  });
});

it('serves a chart as a picture that may have its own colours, and no script', async () => {
  await mkdir(folder);
  await put('orders-speed.svg', '<svg/>');
  const answer = await browser.get('/api/measurements/charts/orders-speed.svg?at=now');
  expect([answer.statusCode, answer.body]).toEqual([200, '<svg/>']);
  expect(answer.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

it('serves no other file, however its name is written', async () => {
  await mkdir(folder);
  await put('orders.json', result('orders', '2026-11-30T10:00:00.000Z'));
  await writeFile(join(outside, 'secret.svg'), 'secret');
  await symlink(join(outside, 'secret.svg'), join(folder, 'linked.svg'));
  for (const name of [
    '..%2fsecret.svg',
    '%2e%2e%2fsecret.svg',
    'linked.svg',
    'orders.json',
    'none.svg',
    '.svg',
    '%00.svg',
  ]) {
    const answer = await browser.get(`/api/measurements/charts/${name}`);
    expect([400, 404], name).toContain(answer.statusCode);
    expect(answer.json<ApiError>().error.message, name).not.toContain('secret');
  }
});

it('shows nothing before the token was given', async () => {
  const token = 'a-token-of-32-characters-or-more';
  const { server } = await openBareDesk({ measurements: createMeasurements(folder) }, { token });
  for (const url of ['/api/measurements', '/api/measurements/charts/orders-speed.svg'])
    expect((await server.inject({ url, headers: { host: deskHost } })).statusCode, url).toBe(401);
});
