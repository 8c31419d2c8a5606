import { expect, test } from 'vitest';
import { amendmentIn } from '../../../../dashboard/page/orders/amend-fields.ts';

const order = { lines: [{ isbn: '9780134685991', quantity: 2, title: 'Effective Java' }], shipTo: null } as never;

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ 'line:9780134685991': '2', ...fields })) form.set(name, value);
  return form;
};

test('another title is sent as it was typed, beside those that stay; the server reads it', () => {
  const other = formOf({ 'other:isbn': ' 0-201-83595-9 ', 'other:quantity': '3' });
  expect(amendmentIn(other, order).lines).toEqual([
    { isbn: '9780134685991', quantity: 2 },
    { isbn: '0-201-83595-9', quantity: 3 },
  ]);
});

test('half of another title is no amendment without it: the server says what is missing', () => {
  expect(amendmentIn(formOf({ 'other:isbn': '0-201-83595-9' }), order).lines).toHaveLength(2);
  expect(amendmentIn(formOf({ 'other:quantity': '1' }), order).lines).toHaveLength(2);
  expect(amendmentIn(formOf({ 'other:isbn': '', 'other:quantity': '' }), order).lines).toHaveLength(1);
});
