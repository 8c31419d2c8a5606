import { expect, test } from 'vitest';
import { loadFraudConfig } from '../../../config/fraud.ts';

test('three cards within ten minutes are suspicious, unless it is said otherwise', () => {
  expect(loadFraudConfig({})).toEqual({ declines: 3, within: '10 minutes' });
  expect(loadFraudConfig({ FRAUD_DECLINES: '5', FRAUD_WITHIN: '1 hour' })).toEqual({ declines: 5, within: '1 hour' });
});

test('every setting that cannot be used is named', () => {
  const env = { FRAUD_DECLINES: '1', FRAUD_WITHIN: 'soon' };
  const load = () => loadFraudConfig(env);
  for (const name of Object.keys(env)) expect(load).toThrow(`${name}: must be`);
});
