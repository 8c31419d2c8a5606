import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyFlow } from './empty-shop.ts';
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

test('what the server tells by itself is not replaced by an answer that was asked for before', async () => {
  const { page, close } = await stage.open('/flow');
  await page.getByText('live', { exact: true }).waitFor();
  const late = new EventEmitter();
  const [askedFlow, askedCases] = [once(late, 'flow'), once(late, 'cases')];
  const answered = once(late, 'answer');
  await page.route('**/api/flow', async (route) => {
    late.emit('flow');
    await answered;
    await route.continue();
  });
  let asked = 0;
  stage.put('cases', {
    async page() {
      asked += 1;
      if (asked > 1) return { cases: [], next: null, open: 7 };
      late.emit('cases');
      await answered;
      return { cases: [], next: null, open: 1 };
    },
  });
  stage.hub.tell('hello', { server: 'stage' });
  await Promise.all([askedFlow, askedCases]);
  stage.hub.tell('flow', { ...emptyFlow, unreachable: ['Temporal is away.'] });
  stage.hub.tell('cases', { changed: [], isCut: false, open: 7 });
  await page.getByText('Temporal is away.').waitFor();
  const repair = page.getByRole('link', { name: 'Repair' });
  await repair.getByText('7').waitFor();
  const arrived = page.waitForResponse('**/api/flow');
  late.emit('answer');
  await arrived;
  await page.waitForResponse('**/api/cases?limit=1');
  await page.evaluate('new Promise(requestAnimationFrame)');
  expect(await page.getByText('Temporal is away.').isVisible()).toBe(true);
  expect(await repair.getByText('7').isVisible()).toBe(true);
  expect(asked).toBe(2);
  await close();
});
