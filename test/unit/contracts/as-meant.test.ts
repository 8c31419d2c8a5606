import { describe, expect, test } from 'vitest';
import { parseOrderAction } from '../../../contracts/schemas/actions.ts';
import { parseQuestion } from '../../../contracts/schemas/questions.ts';
import { asMeant } from '../../../contracts/reading/as-meant.ts';

const shipTo = { name: 'Anna', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' };

describe('what people write is read at every entrance as the queue repairs it', () => {
  test('a title, and codes in lower case', () => {
    const written = {
      lines: [{ isbn: '0-13-468599-7', quantity: 1 }],
      currency: 'eur',
      shipTo: { ...shipTo, country: 'de' },
    };
    const meant = { lines: [{ isbn: '9780134685991', quantity: 1 }], currency: 'EUR', shipTo };
    expect(asMeant(written)).toEqual(meant);
    const { currency: _, ...action } = written;
    expect(parseOrderAction('amend', { ...action, actor: 'Kim' })).toEqual({
      ok: true,
      action: { actor: 'Kim', lines: meant.lines, shipTo },
    });
  });

  test('a title that is asked for, once however it is written', () => {
    expect(parseQuestion('stock', { isbns: ['978-0-13-468599-1'] })).toEqual({
      ok: true,
      question: { isbns: ['9780134685991'] },
    });
    expect(parseQuestion('stock', { isbns: ['0134685997', '9780134685991'] })).toMatchObject({ ok: false });
  });

  test.each([
    null,
    'text',
    [{ currency: 'eur' }],
    { currency: 7, shipTo: null },
    { currency: '€', shipTo: { country: 'Germany' } },
    { shipTo: { name: 'de' }, other: 'de' },
    { shipTo: undefined },
  ])('%j stays as it is', (input) => expect(asMeant(input)).toStrictEqual(input));
});
