import type { EditedMessage } from '../../contracts/mediators/case-actions.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import type { CaseView } from '../../dashboard/server/api/cases.ts';
import { Failure } from '../../dashboard/server/failure.ts';
import { caseWith, orderRow, returnRow } from './empty-shop.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

beforeEach(() => stage.empty());

afterAll(() => stage?.close());

/** On a busy machine. */
const soon = { timeout: 15_000 };

const ruth = { as: 'Ruth Ekberg' };

/** The shop has these cases, and says of every text what `check` says. */
function putCases(
  cases: readonly CaseView[],
  check: (body: string, headers?: EditedMessage['headers']) => readonly { field: string; message: string }[],
) {
  const asked: { readonly name: string; readonly action: object }[] = [];
  stage.put('cases', {
    page: () => Promise.resolve({ cases, next: null, open: cases.length }),
    one: (caseId) => Promise.resolve(cases.find((found) => found.caseId === caseId) as CaseView),
    check: (_, { body, headers }) => Promise.resolve(check(body, headers)),
    act: (caseId, name, action) => {
      asked.push({ name, action });
      return Promise.resolve({ caseId, state: 'resubmitted' });
    },
  });
  return asked;
}

/** The shop has this many orders, and its table can be made to fail. */
function putOrders(count: number): { isAway: boolean; asked: number } {
  const table = { isAway: false, asked: 0 };
  stage.put('orders', {
    page({ cursor = '0', limit = 100 }) {
      table.asked += 1;
      if (table.isAway) return Promise.reject(new Failure('too-many', 'That was asked too often.'));
      const from = Number(cursor);
      const orders = Array.from({ length: Math.min(limit, count - from) }, (_, index) => orderRow(from + index));
      const next = from + limit < count ? String(from + limit) : null;
      return Promise.resolve({ orders, next, total: { count, isExact: true } });
    },
  });
  return table;
}

const bodyHeight = `document.querySelector('.order-body').clientHeight`;
const scrollTop = `document.querySelector('.order-table').scrollTop`;

test('a page of orders that cannot be read is asked for again after a while, not without end', async () => {
  const table = putOrders(3_000);
  const { page, close } = await stage.open('/orders');
  await page.getByText('3,000 orders').waitFor();
  await expect.poll(() => table.asked, soon).toBeGreaterThanOrEqual(6);
  table.isAway = true;
  table.asked = 0;
  await page.evaluate(`${scrollTop} = 1e6`);
  await page.getByRole('alert').getByText('asked too often').waitFor();
  const begun = Date.now();
  await expect.poll(() => table.asked, soon).toBeGreaterThanOrEqual(3);
  // Every two seconds; the table alone would ask hundreds of times.
  expect(table.asked / Math.max(1, (Date.now() - begun) / 1_000)).toBeLessThan(3);
  table.isAway = false;
  const before = await page.evaluate<number>(bodyHeight);
  await expect.poll(() => page.evaluate<number>(bodyHeight), soon).toBeGreaterThan(before);
  expect(await page.getByRole('alert').count()).toBe(0);
  await close();
});

test('what changes while the rows are read again is read once more', async () => {
  const table = { state: 'open' as OrderState, asked: 0, answered: Promise.resolve() };
  stage.put('orders', {
    async page() {
      const orders = [orderRow(1, { state: table.state })];
      table.asked += 1;
      await table.answered;
      return { orders, next: null, total: { count: 1, isExact: true } };
    },
  });
  const { page, close } = await stage.open('/orders');
  await page.getByText('live', { exact: true }).waitFor();
  await page.locator('.order-body').getByText('open').waitFor();
  const answers: (() => void)[] = [];
  table.answered = new Promise((resolve) => answers.push(resolve));
  const tell = () => stage.hub.tell('orders', { changed: [orderRow(1).orderId], isCut: false });
  const before = table.asked;
  tell();
  await expect.poll(() => table.asked, soon).toBe(before + 1);
  table.state = 'cancelled';
  tell();
  // The page has heard of it: what is told comes in the order in which it was told.
  stage.hub.tell('cases', { changed: [], isCut: false, open: 7 });
  await page.locator('nav .count').getByText('7 waiting').waitFor();
  answers[0]?.();
  await page.locator('.order-body').getByText('cancelled').waitFor();
  await close();
});

test('a view keeps its filter, its selection and how far it was scrolled while another one is looked at', async () => {
  const orders = putOrders(3_000);
  const { page, troubles, close } = await stage.open('/orders');
  await expect.poll(() => orders.asked, soon).toBeGreaterThanOrEqual(6);
  await page.getByLabel('State').selectOption('open');
  await page.getByText('all that the filter finds').waitFor();
  await page.getByRole('checkbox').nth(2).click();
  await page.evaluate(`${scrollTop} = 3600`);
  await page.getByText('ord-00000000000000000101').waitFor();
  await page.keyboard.press('1');
  await page.getByRole('heading', { name: 'Repair' }).waitFor();
  await page.keyboard.press('2');
  await page.getByText('ord-00000000000000000101').waitFor();
  expect(await page.evaluate(scrollTop)).toBe(3600);
  expect(await page.getByLabel('State').inputValue()).toBe('open');
  await page.getByText('1 selected').waitFor();
  // It goes on living: what is scrolled to now is drawn.
  await page.evaluate(`${scrollTop} = 7200`);
  await page.getByText('ord-00000000000000000201').waitFor();
  expect(troubles).toEqual([]);
  await close();
});

test('a bulk action wants a selection or a filter', async () => {
  putOrders(300);
  const { page, close } = await stage.open('/orders', ruth);
  const retry = page.getByRole('button', { name: 'Retry …' });
  await page.getByText('Select orders, or filter them').waitFor();
  expect(await retry.isDisabled()).toBe(true);
  await page.getByLabel('State').selectOption('held');
  await page.getByText('all that the filter finds').waitFor();
  expect(await retry.isDisabled()).toBe(false);
  await close();
});

test('what was written stays through another case, another view and a reload, and a reason is not taken along', async () => {
  const cases = [caseWith('case-a', '{"a":1}'), caseWith('case-b', '{"b":1}')];
  putCases(cases, () => []);
  const { page, troubles, close } = await stage.open('/repair/case-a', ruth);
  const area = page.locator('textarea');
  await area.fill('{"a":2}');
  await page.getByRole('button', { name: 'Discard …' }).click();
  await page.getByLabel('Why').fill('A test.');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.locator('[data-row="case-b"]').click();
  await expect.poll(() => area.inputValue(), soon).toContain('"b": 1');
  expect(await page.getByLabel('Why').inputValue()).toBe('');
  await page.locator('[data-row="case-a"]').click();
  await expect.poll(() => area.inputValue(), soon).toBe('{"a":2}');
  await page.getByRole('link', { name: 'Mails' }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Mails' }).waitFor();
  await page.keyboard.press('1');
  await page.locator('[data-row="case-a"]').click();
  await expect.poll(() => area.inputValue(), soon).toBe('{"a":2}');
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(() => area.inputValue(), soon).toContain('"a": 1');
  expect(troubles).toEqual([]);
  await close();
});

test('whoever edits is told when somebody else was quicker, keeps what was written, and sends what was seen', async () => {
  const before = caseWith('case-a', '{"a":1}');
  const cases = [before];
  const asked = putCases(cases, () => []);
  const { page, close } = await stage.open('/repair/case-a', ruth);
  const area = page.locator('textarea');
  await area.fill('{"a":2}');
  const becomes = (now: CaseView) => {
    cases[0] = now;
    stage.hub.tell('cases', { changed: ['case-a'], isCut: false, open: 1 });
  };
  becomes({ ...before, state: 'resubmitted', possible: ['take'] });
  await page.getByText('Somebody else was quicker').waitFor();
  await page.getByText('What you have written', { exact: true }).click();
  await page.locator('.unsent').getByText('{"a":2}').waitFor();
  const proposal = { text: '{"a":3}', bytes: 7, isUtf8: true, isCut: false };
  becomes({ ...before, proposal, resubmissions: 1 });
  await page.getByText('has changed since you began').waitFor();
  expect(await area.inputValue()).toBe('{"a":2}');
  await page.getByRole('button', { name: 'Resubmit' }).click();
  await page.getByText('It was sent back.').waitFor();
  expect(asked).toMatchObject([{ name: 'resubmit', action: { body: '{"a":2}', actor: 'Ruth Ekberg', seen: 1 } }]);
  await close();
});

test('a case is looked at again when it opens: its headers may be no trouble, and what cannot be seen is named', async () => {
  const headless = caseWith('case-a', '{"a":1}', {
    problems: [{ field: 'ce-source', message: 'is missing' }],
  });
  const withMark = caseWith('case-b', '\uFEFF{"a":1}', { reason: 'not-json' });
  putCases([headless, withMark], (body) =>
    body.startsWith('\uFEFF') ? [{ field: 'the message', message: 'is not JSON' }] : [],
  );
  const { page, close } = await stage.open('/repair/case-a', ruth);
  await page.getByText('it can be resubmitted').waitFor();
  expect(await page.getByRole('button', { name: 'Resubmit' }).isDisabled()).toBe(false);
  await page.locator('[data-row="case-b"]').click();
  await page.locator('.problems').getByText('U+FEFF').waitFor();
  expect(await page.getByRole('button', { name: 'Resubmit' }).isDisabled()).toBe(true);
  const area = page.locator('textarea');
  await area.fill((await area.inputValue()).slice(1));
  await page.locator('.diff-line[data-kind=gone]').getByText('‹U+FEFF›').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Resubmit' }).isDisabled(), soon).toBe(false);
  await close();
});

test('a header is put right beside the message, kept with it, and left out when it is empty', async () => {
  const problem = { field: 'ce-partitionkey', message: 'is another customer than the event names' };
  const headers = { 'ce-id': 'evt-1', 'ce-time': '2026-11-23T08:00:00Z', 'ce-partitionkey': 'order-4711' };
  const asked = putCases([caseWith('case-a', '{"a":1}', { headers, problems: [problem] })], (_, given) =>
    given?.['ce-partitionkey'] === 'c-1' ? [] : [problem],
  );
  const { page, troubles, close } = await stage.open('/repair/case-a', ruth);
  const key = page.getByLabel('ce-partitionkey');
  expect(await key.inputValue()).toBe('order-4711');
  const resubmit = page.getByRole('button', { name: 'Resubmit' });
  expect(await resubmit.isDisabled()).toBe(true);
  await key.fill('c-1');
  await page.getByLabel('ce-time').fill('');
  await page.getByText('it can be resubmitted').waitFor();
  await page.reload();
  await page.getByText('it can be resubmitted').waitFor();
  await page.getByText('Headers, to be put right').click();
  expect(await key.inputValue()).toBe('c-1');
  await resubmit.click();
  await page.getByText('It was sent back.').waitFor();
  expect(asked).toMatchObject([{ action: { headers: { 'ce-partitionkey': 'c-1', 'ce-time': '' } } }]);
  expect(troubles).toEqual([]);
  await close();
});

test('a case whose fields have odd names opens and marks them; bytes that are no text are told of', async () => {
  const problems = [{ field: '"a]"', message: 'is not known', at: null }];
  const original = { text: '{"x":0,"a]":"\uFFFD"}', bytes: 16, isUtf8: false, isCut: false };
  putCases([caseWith('case-a', '', { original, problems })], () => problems);
  const { page, troubles, close } = await stage.open('/repair/case-a');
  await page.locator('.problems').getByText('line 3').waitFor();
  expect(await page.locator('.editor-gutter .faulty').innerText()).toContain('3');
  await page.getByText('These bytes are no UTF-8').waitFor();
  expect(troubles).toEqual([]);
  await close();
});

test('a key that opens a case goes on in it, and Tab stops at one row of the list only', async () => {
  putCases(
    ['case-a', 'case-b', 'case-c'].map((caseId) => caseWith(caseId, '{"a":1}')),
    () => [],
  );
  const { page, close } = await stage.open('/repair', ruth);
  await page.locator('[data-row]').first().waitFor();
  expect(await page.locator('[data-row][tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('/');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement?.className'), soon).toContain('case');
  await page.locator('textarea').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate('document.activeElement?.dataset.row'), soon).toBe('case-b');
  await close();
});

test('an inspection never says that more can be sold than was taken back; what keeps failing is shown', async () => {
  const asked: object[] = [];
  const waiting = returnRow('ret-a');
  const failing = returnRow('ret-b', {
    state: 'refunding',
    trouble: 'The card gateway does not answer.',
    actions: [{ action: 'inspect', actor: 'Ada', reason: null, at: '2026-11-20T08:00:00Z' }],
  });
  const late = returnRow('ret-c', {
    state: 'awaiting-approval',
    deadline: new Date(Date.now() + 90_000_000).toISOString(),
  });
  stage.put('returns', {
    list: () => Promise.resolve({ returns: [waiting, failing, late], waiting: 3, approvals: 4 }),
    act: (requestId, _, action) => (asked.push(action), Promise.resolve({ requestId, state: 'refunding' })),
  });
  const { page, close } = await stage.open('/people', ruth);
  // Returns and approvals.
  await page.locator('nav .count').getByText('7 waiting').waitFor();
  await page.getByText('The card gateway does not answer.').waitFor();
  await page.locator('.timeline-day').getByText('2026').waitFor();
  await page.getByText('declined by itself in').waitFor();
  const card = page.getByRole('article', { name: 'Return ret-a' });
  await card.getByText('Effective Java').first().waitFor();
  await card.getByLabel('Refunded').fill('1');
  expect(await card.getByLabel('Can be sold again').inputValue()).toBe('1');
  await card.getByRole('button', { name: 'Write down the inspection' }).click();
  await page.getByText('Done: the return is refunding now.').waitFor();
  expect(asked).toMatchObject([{ lines: [{ isbn: '9780134685991', accepted: 1, sellable: 1 }] }]);
  await close();
});

test('an approval says which amount it approves; asking once more after no answer does it under the same id', async () => {
  const order = orderRow(7, { state: 'held', holdReason: 'approval', heldSince: new Date().toISOString() });
  const asked: { readonly action: object; readonly updateId?: string | undefined }[] = [];
  stage.put('orders', {
    page: () => Promise.resolve({ orders: [order], next: null, total: { count: 240, isExact: true } }),
    act({ action, updateId, orderId }) {
      asked.push({ action, updateId });
      if (asked.length === 1) return Promise.reject(new Failure('not-known', 'Nobody has answered.'));
      return Promise.resolve({ orderId, state: 'open', holds: [] });
    },
  });
  const { page, close } = await stage.open('/people', ruth);
  await page.getByRole('heading', { name: 'Orders to approve 240' }).waitFor();
  const approve = page.getByRole('button', { name: 'Approve EUR 19.97' });
  await approve.click();
  await page.getByText('Nobody has answered.').waitFor();
  await approve.click();
  await page.getByText('Done: the order is open now.').waitFor();
  expect(asked[0]?.action).toMatchObject({ actor: 'Ruth Ekberg', total: { amount: 1997, currency: 'EUR' } });
  expect(asked[1]?.updateId).toBe(asked[0]?.updateId);
  // To decline asks first.
  await page.getByText('Decline and cancel …').click();
  expect(asked).toHaveLength(2);
  await page.getByLabel('Why').fill('Too much.');
  await page.getByRole('button', { name: 'Decline and cancel' }).click();
  await expect.poll(() => asked[2]?.action, soon).toMatchObject({ reason: 'Too much.' });
  await close();
});

test('a page that nobody looks at holds no connection, and is live again when somebody does', async () => {
  const { page, close } = await stage.open('/repair');
  await page.getByText('live', { exact: true }).waitFor();
  const turn = (isHidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
    );
  await turn(true);
  await page.locator('.live[data-state=joining]').waitFor();
  putCases([caseWith('case-a', '{}')], () => []);
  await turn(false);
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByText('1 open case', { exact: true }).waitFor();
  await close();
});
