import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyFlow } from './empty-shop.ts';
import { until } from '../support/until.ts';
import { openStage, type Stage } from './stage.ts';

/* What the server tells by itself. */

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

test('a listener that never ran is told of as such, and a relay that publishes nothing is shouted at', async () => {
  const { page, close } = await stage.open('/flow');
  await page.getByText('live', { exact: true }).waitFor();
  const listener = { stream: 'FACTS', depth: 0, inFlight: 0, outPerSecond: null, pollers: 0 } as const;
  stage.hub.tell('flow', {
    ...emptyFlow,
    listeners: [{ ...listener, name: 'order-timeline', hasRun: false, liveness: 'unpolled' }],
    outbox: { depth: 12, oldestSeconds: 60, outPerSecond: 0, liveness: 'stuck', shutKeys: 0, shut: [] },
  });
  await page.locator('.flow-card').getByText('It has never run here').waitFor();
  await page.getByRole('alert').getByText('relay', { exact: false }).waitFor();
  const why = 'The message is larger than the queue accepts.';
  const shut = [{ key: 'anna.b', fact: 'customer-created', why, facts: 3 }];
  stage.hub.tell('flow', {
    ...emptyFlow,
    outbox: { depth: 3, oldestSeconds: null, outPerSecond: 0, liveness: 'ok', shutKeys: 1, shut },
  });
  const alarm = page.getByRole('alert');
  await alarm.getByText('Facts of 1 key cannot be published').waitFor();
  await alarm
    .getByText('anna.b: customer-created. The message is larger than the queue accepts. 3 facts of it wait.')
    .waitFor();
  await close();
});

test('no figure of a full queue runs over the next one', async () => {
  const { page, close } = await stage.open('/flow');
  await page.getByText('live', { exact: true }).waitFor();
  const counts = { depth: 123_456, bytes: 1, inFlight: 1_000, pending: 122_456, redelivered: 1_000, waiting: 123_456 };
  const rates = { inPerSecond: 1_234.5, outPerSecond: 1_234.5, oldestSeconds: 100_000, pollers: 2 };
  const queue = { stream: 'CUSTOMER_EVENTS', liveness: 'ok', ...counts, ...rates } as const;
  stage.hub.tell('flow', { ...emptyFlow, queue, deliveries: queue });
  await page.locator('.flow-card').getByText('in turn').first().waitFor();
  expect(await page.evaluate(tooWide)).toEqual([]);
  await close();
});

/** Runs in the page: the texts of the figures that are wider than their room. */
const tooWide = `[...document.querySelectorAll('.flow-card dl div')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ innerText }) => innerText)`;

test('what the server tells by itself is not replaced by an answer that was asked for before', async () => {
  const late = new EventEmitter();
  const answered = once(late, 'answer');
  const counts = { asked: 0, open: 3, held: Promise.resolve() as Promise<unknown> };
  stage.put('cases', {
    async page() {
      const { open, held } = counts;
      counts.asked += 1;
      late.emit('cases');
      await held;
      return { cases: [], next: null, open };
    },
  });
  const { page, close } = await stage.open('/flow');
  const repair = page.getByRole('link', { name: 'Repair' });
  await repair.getByText('3').waitFor(); // the count of the connection is there: the next one is asked for below
  await page.route('**/api/flow', async (route) => {
    late.emit('flow');
    await answered;
    await route.continue();
  });
  Object.assign(counts, { asked: 0, held: answered });
  const bothAsked = Promise.all([once(late, 'flow'), once(late, 'cases')]);
  stage.hub.tell('hello', { server: 'stage' });
  await bothAsked;
  Object.assign(counts, { open: 7, held: Promise.resolve() });
  stage.hub.tell('flow', { ...emptyFlow, unreachable: ['Temporal is away.'] });
  stage.hub.tell('cases', { changed: [], isCut: false, open: 7 });
  await page.getByText('Temporal is away.').waitFor();
  await repair.getByText('7').waitFor();
  const arrived = page.waitForResponse('**/api/flow');
  late.emit('answer');
  await arrived;
  await until(() => counts.asked === 2, { what: 'the work that waits to be counted again' });
  await page.evaluate('new Promise(requestAnimationFrame)');
  expect(await page.getByText('Temporal is away.').isVisible()).toBe(true);
  expect(await repair.getByText('7').isVisible()).toBe(true);
  expect(counts.asked).toBe(2);
  await close();
});
