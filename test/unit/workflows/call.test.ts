import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { lastingFault } from '../../../contracts/failures.ts';
import { refusalOf, failureOf } from '../../../workflows/kit/call.ts';

/** A failure as it reaches the mediator: the activity's around the processor's. */
const failed = (cause: Error) =>
  new ActivityFailure(undefined, 'applyPayment', 'payment', 'NON_RETRYABLE_FAILURE', undefined, cause);

const refused = (type: string) => failed(ApplicationFailure.nonRetryable('No.', type, { reason: 'denied' }));

describe('failureOf', () => {
  it('reads a refusal with its sentence and details', () => {
    const expected = { kind: 'refusal', type: 'PaymentDenied', message: 'No.', details: [{ reason: 'denied' }] };
    expect(failureOf(refused('PaymentDenied'))).toEqual(expected);
  });

  it('reads a processor that failed past its retry time as a fault, with what it said last', () => {
    const last = ApplicationFailure.retryable('The card gateway answered 503.');
    expect(failureOf(failed(last))).toEqual({
      kind: 'fault',
      message: 'The card gateway answered 503.',
      lasting: false,
    });
  });

  it('says of a time that is over what the processor said last', () => {
    const last = ApplicationFailure.retryable('The mail server did not take the mail (ETIMEDOUT).');
    const timeout = new TimeoutFailure('Not enough time to schedule next retry', undefined, 'SCHEDULE_TO_CLOSE');
    Object.defineProperty(timeout, 'cause', { value: last });
    expect(failureOf(failed(timeout))).toMatchObject({ kind: 'fault', message: last.message });
  });

  it('reads a fault that asking again will not mend as a lasting one', () => {
    const last = ApplicationFailure.nonRetryable('The supplier answered 400.', lastingFault);
    expect(failureOf(failed(last))).toMatchObject({ kind: 'fault', lasting: true });
  });

  it('lets a bug through as it is', () => {
    expect(() => failureOf(new TypeError('undefined is not a function'))).toThrow(TypeError);
  });
});

describe('refusalOf', () => {
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
