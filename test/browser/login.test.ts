import { afterAll, beforeAll, expect, test } from 'vitest';
import { cookieNames } from '../../dashboard/server/security/auth.ts';
import { caseWith } from './empty-shop.ts';
import { openStage, type Stage } from './stage.ts';

const token = 'a-token-of-the-stage-that-nobody-knows';

/** On a busy machine. */
const soon = { timeout: 15_000 };

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(token);
});

afterAll(() => stage?.close());

test('the desk asks for its token, and again when the pass has run out; what was written is still there', async () => {
  const found = caseWith('case-a', '{"a":1}');
  stage.put('cases', {
    page: () => Promise.resolve({ cases: [found], next: null, open: 1 }),
    one: () => Promise.resolve(found),
  });
  const { page, troubles, close } = await stage.open('/repair/case-a');
  const logIn = async () => {
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Open the desk' }).click();
    await page.locator('textarea').waitFor();
  };
  await logIn();
  await page.locator('textarea').fill('{"a":2}');
  await page.context().clearCookies({ name: cookieNames.pass });
  stage.hub.tell('cases', { changed: ['case-a'], isCut: false, open: 1 });
  await page.getByText('This desk asks for its token').waitFor();
  await logIn();
  await expect.poll(() => page.locator('textarea').inputValue(), soon).toBe('{"a":2}');
  expect(troubles).toEqual([]);
  await close();
});
