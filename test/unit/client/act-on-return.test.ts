import { WorkflowNotFoundError } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { actOnReturn } from '../../../app/act-on-return.ts';
import { AppError } from '../../../app/app-error.ts';
import type { Sources } from '../../../app/sources.ts';

const kept = {
  requestId: 'r-1',
  workflowId: 'return/r-1',
  state: 'awaiting-approval',
  isFinished: false,
  since: '2026-01-02T03:04:05.678Z',
  deadline: null,
  amount: null,
  currency: null,
  actions: [],
};

/** A return of these records, whose mediator fails so. */
const troubleOf = async (thrown: unknown, changes: Partial<Record<keyof typeof kept, unknown>> = {}) => {
  const sources = {
    database: { run: () => Promise.resolve([{ ...kept, ...changes }]) },
    client: { withDeadline: () => Promise.reject(thrown), options: { namespace: 'default' } },
  } as unknown as Sources;
  const acting = { sources, requestId: 'r-1', name: 'approve', action: { actor: 'Ada' } } as const;
  const told: unknown = await actOnReturn({ ...acting, updateId: 'act-1', deadlineMs: 1_000 }).catch(
    (caught: unknown) => caught,
  );
  if (told instanceof AppError) return told;
  throw told;
};

const lost = new WorkflowNotFoundError('not found', 'return/r-1', undefined);

describe('acting on a return whose workflow is not there', () => {
  it('says so while its records say that it goes on', async () => {
    const { kind, message } = await troubleOf(lost);
    expect(kind).toBe('not-known');
    expect(message).toMatch(
      /does not have the workflow of return r-1 at the moment; the reconciler carries the return on/,
    );
  });

  it('says that it has ended when it has', async () => {
    const { kind, message } = await troubleOf(lost, { isFinished: true, state: 'declined' });
    expect([kind, message]).toEqual(['refused', 'Return r-1 has ended; nothing can be done to it any more.']);
  });
});

describe('acting on a return whose mediator says nothing', () => {
  it('says who is to be started, and how to ask again', async () => {
    const { kind, message } = await troubleOf(
      Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: '', metadata: {} }),
    );
    expect(kind).toBe('not-known');
    expect(message).toMatch(
      /^It is not known whether "approve" was done to r-1: .* Ask again with the same --update-id act-1: it is not done twice\.$/,
    );
  });
});
