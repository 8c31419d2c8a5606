import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MeasurementView } from '../../dashboard/server/api/measurements.ts';
import { drawChart } from '../../lab/kit/svg/draw-chart.ts';
import { seriousProblems } from './axe.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

const chart = drawChart({
  name: 'speed',
  title: 'Orders per second <b>&</b>',
  kind: 'bars',
  xLabel: 'lane',
  yLabel: 'orders/s',
  series: [
    { name: 'bare', points: [{ x: 'queued', y: 20, low: 18, high: 22 }] },
    { name: 'channel', points: [{ x: 'queued', y: 10 }] },
  ],
});

const result = (measurement: string): MeasurementView => ({
  measurement,
  measuredAt: new Date().toISOString(),
  runs: 5,
  machine: { processor: 'A processor', cores: 2, memoryGiB: 8, system: 'Linux 6' },
  versions: { node: '20' },
  settings: { 'at once': 50 },
  tables: [{ title: 'Speed', columns: ['side', 'orders/s'], rows: [['bare <i>five</i>', 20]] }],
  charts: [{ name: 'speed', title: 'Orders per second' }],
  notes: ['The channels cost <b>more</b>.'],
});

/** The width of the chart when it was read and could be drawn. */
const widthOfChart = `document.querySelector('main img')?.naturalWidth`;

test('without a result the lab says which command makes one', async () => {
  stage.empty();
  const { page, troubles, close } = await stage.open('/lab');
  await page.getByText('“npm run lab -- all” makes them all').waitFor();
  expect(troubles).toEqual([]);
  await close();
});

test.each([
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'on a phone', options: { viewport: { width: 390, height: 844 } } },
] as const)('a result is opened by keyboard and shows its table, chart and notes, $name', async ({ options }) => {
  stage.put('measurements', {
    list: () => Promise.resolve({ measurements: [result('orders'), result('back-pressure')] }),
    chart: () => Promise.resolve(chart),
  });
  const { page, troubles, close } = await stage.open('/repair', options);
  await page.keyboard.press('7');
  await page.getByRole('heading', { name: 'Lab' }).waitFor();
  await page.locator('[data-row="orders"]').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'back pressure' }).waitFor();
  await page.getByText('The channels cost <b>more</b>.').waitFor();
  await page.getByRole('cell', { name: 'bare <i>five</i>' }).waitFor();
  await page.getByRole('img', { name: 'Chart: Orders per second' }).waitFor();
  await expect.poll(() => page.evaluate(widthOfChart)).toBe(760);
  expect(await seriousProblems(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(troubles).toEqual([]);
  await close();
});

test('charts follow the theme of the desk, also where the system has the other one', async () => {
  stage.put('measurements', {
    list: () => Promise.resolve({ measurements: [result('orders')] }),
    chart: () => Promise.resolve(chart),
  });
  const { page, close } = await stage.open('/lab/orders', { colorScheme: 'light' });
  await expect.poll(() => page.evaluate(widthOfChart)).toBe(760);
  expect(await shadeOf(page)).toBeGreaterThan(200);
  await page.keyboard.press('t');
  await page.keyboard.press('t');
  await expect.poll(() => shadeOf(page)).toBeLessThan(60);
  await close();
});

/** From 0, dark, to 255: the ground of the chart near its lower left corner, as the browser has drawn it. */
async function shadeOf(page: Page): Promise<number> {
  const picture = (await page.getByRole('img').screenshot()).toString('base64');
  return page.evaluate<number>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${picture}';
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(30, image.height - 20, 1, 1).data[0];
  })()`);
}
