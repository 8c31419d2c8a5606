import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { all, refusalOf } from '../../../workflows/ask.ts';

/** A refusal as it reaches the mediator: the activity's failure around the processor's. */
const refused = (type: string) =>
  new ActivityFailure(
    undefined,
    'applyPayment',
    'payment',
    'NON_RETRYABLE_FAILURE',
    undefined,
    ApplicationFailure.nonRetryable('No.', type, { reason: 'denied' }),
  );

describe('refusalOf', () => {
  it('reads a refusal with its sentence and details', () => {
    const expected = { type: 'PaymentDenied', message: 'No.', details: [{ reason: 'denied' }] };
    expect(refusalOf(refused('PaymentDenied'))).toEqual(expected);
  });

  it('lets a bug through as it is', () => {
    expect(() => refusalOf(new TypeError('undefined is not a function'))).toThrow(TypeError);
  });

  it('makes a plain error of a failure nobody declared, so that the workflow task waits for fixed code', () => {
    const thrown = (() => {
      try {
        return refusalOf(refused('SomethingElse'));
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).not.toBeInstanceOf(ActivityFailure);
  });
});

describe('all', () => {
  it('waits for every answer before it passes on a refusal', async () => {
    let slow = 'running';
    const slowly = new Promise<void>((resolve) => setImmediate(resolve)).then(() => void (slow = 'done'));
    await expect(all([Promise.reject(refused('OutOfStock')), slowly])).rejects.toBeInstanceOf(ActivityFailure);
    expect(slow).toBe('done');
  });

  it('passes on a bug before a refusal, in whatever order they came', async () => {
    const [refusal, bug] = [refused('PaymentDenied'), new TypeError('a bug')];
    await expect(all([Promise.reject(refusal), Promise.reject(bug)])).rejects.toBe(bug);
    await expect(all([Promise.reject(bug), Promise.reject(refusal)])).rejects.toBe(bug);
  });
});
