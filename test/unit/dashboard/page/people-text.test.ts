import { afterEach, expect, test, vi } from 'vitest';
import { layOut } from '../../../../dashboard/page/repair/json-text.ts';
import { errorMessage, read, RequestError } from '../../../../dashboard/page/shell/request.ts';

const override = '\u202E';
const answer = (body: object, status = 200) =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
afterEach(() => vi.unstubAllGlobals());

test('text of people reaches the page without what hides or reorders it; a message under repair keeps every character', async () => {
  const name = `Ada${override}nimda\u200B\u3164`;
  answer({ shipTo: { name }, history: [{ actor: name, details: { reason: name } }], original: { text: name } });
  expect(await read('/api/any')).toEqual({
    shipTo: { name: 'Adanimda' },
    history: [{ actor: 'Adanimda', details: { reason: 'Adanimda' } }],
    original: { text: name },
  });
  answer({ name: '👩‍👧‍👦 محمد עדה 山田' });
  expect(await read('/api/any')).toEqual({ name: '👩‍👧‍👦 محمد עדה 山田' });
});

test('an error is told without them, its fields included', async () => {
  answer(
    {
      error: {
        code: 'refused',
        message: `No ${override}order.`,
        problems: [{ field: `"a${override}"`, message: 'x' }],
      },
    },
    409,
  );
  const told = await read('/api/any').catch((error: unknown) => error);
  expect(told).toBeInstanceOf(RequestError);
  expect(errorMessage(told)).toBe('No order. "a": x.');
});

test('a message is laid out with what cannot be seen in its texts written out: the same values', () => {
  const text = `{"name":"Ada${override}\u200B","a\u2060":1}`;
  expect(layOut(text)).toBe('{\n  "name": "Ada\\u202e\\u200b",\n  "a\\u2060": 1\n}');
  expect(JSON.parse(layOut(text))).toEqual(JSON.parse(text));
  expect(layOut('\uFEFF{"a":1}')).toContain('\uFEFF');
});
