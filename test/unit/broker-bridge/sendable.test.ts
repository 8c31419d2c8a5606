import { expect, test } from 'vitest';
import { sendableHeaders } from '../../../broker-bridge/nats/headers.ts';

test('of headers that came those that cannot be sent are left out', () => {
  const sendable = { 'ce-id': 'e-1', 'x-empty': '', 'x-note': 'Grüße: 7' };
  const others = { 'ce id': 'x', Käufer: 'Anna', 'x:y': 'z', '': 'nameless', 'x-lines': 'one\ntwo', 'a\u0001b': 'c' };
  expect(sendableHeaders({ ...sendable, ...others })).toEqual(sendable);
});
