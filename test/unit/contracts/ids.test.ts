import { expect, test } from 'vitest';
import { customerWorkflowId, eventRequestId } from '../../../contracts/ids.ts';

test('two events never share a request, whatever their sources and ids hold', () => {
  const pairs = [
    { source: 'a', id: 'b/c' },
    { source: 'a/b', id: 'c' },
    { source: 'a%2Fb', id: 'c' },
    { source: 'a%252Fb', id: 'c' },
  ];
  const ids = pairs.map((pair) => eventRequestId(pair, 'register-customer'));
  expect(new Set(ids).size).toBe(pairs.length);
  const event = { source: 'web-shop', id: 'evt-1' };
  expect(eventRequestId(event, 'register-customer')).toBe('event/web-shop/evt-1/register-customer/1');
  expect(eventRequestId(event, 'email-customer')).toBe('event/web-shop/evt-1/email-customer/1');
});

test('the longest of them are within what an index of PostgreSQL takes', () => {
  const longest = eventRequestId({ source: '/'.repeat(200), id: '/'.repeat(200) }, 'register-customer');
  expect(longest.length).toBeLessThan(2_704);
});

test('a customer has one workflow', () => {
  expect(customerWorkflowId('c-1')).toBe('customer/c-1');
});
