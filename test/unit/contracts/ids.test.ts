import { expect, test } from 'vitest';
import { customerWorkflowId } from '../../../contracts/ids.ts';

test('two events of a customer never share a workflow, whatever their sources and ids hold', () => {
  const pairs = [
    { source: 'a', id: 'b/c' },
    { source: 'a/b', id: 'c' },
    { source: 'a%2Fb', id: 'c' },
    { source: 'a%252Fb', id: 'c' },
  ];
  expect(new Set(pairs.map(customerWorkflowId)).size).toBe(pairs.length);
  expect(customerWorkflowId({ source: 'web-shop', id: 'evt-1' })).toBe('customer/web-shop/evt-1');
});

test('the longest of them are within what Temporal takes for an id', () => {
  const longest = customerWorkflowId({ source: '/'.repeat(200), id: '/'.repeat(200) });
  expect(longest.length).toBeLessThan(1_000);
});
