import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { brakeChannel, releaseChannel } from '../../../app/channels.ts';
import { nextStep } from '../../../contracts/channel-brakes.ts';
import type { SqlRunner } from '../../../prisma/statement.ts';

interface Act {
  readonly channel: string;
  readonly perSecond: number | null;
  readonly reason: string;
  readonly actor: string;
  readonly since: string;
}

/** Records of brakes in memory, and a Temporal that answers with this error, or takes every limit. */
function sourcesWith(error?: Error) {
  const acts: Act[] = [];
  const told: unknown[] = [];
  const run = (query: { readonly statement: string; readonly sql: { readonly values: readonly unknown[] } }) => {
    if (query.statement === 'app.newest-brakes') return Promise.resolve([...newest(acts).values()]);
    const [channel, perSecond, reason, actor] = query.sql.values as [string, number | null, string, string];
    acts.push({ channel, perSecond, reason, actor, since: 'now' });
    return Promise.resolve(acts.slice(-1));
  };
  const client = {
    options: { namespace: 'default' },
    withDeadline: (_: number, work: () => Promise<unknown>) => work(),
    workflowService: {
      async updateTaskQueueConfig(asked: object) {
        told.push(asked);
        if (error) throw error;
        return {};
      },
    },
  };
  const database = { run } as unknown as SqlRunner;
  return { sources: { database, client: client as unknown as Client }, acts, told };
}

const newest = (acts: readonly Act[]): ReadonlyMap<string, Act> => new Map(acts.map((act) => [act.channel, act]));

const grpcError = (code: number) =>
  Object.assign(new Error(`code ${code}`), { code, details: '', metadata: { get: () => [] } });

const brake = { reason: 'The gateway is slow.', actor: 'Ada' } as const;

it('goes from a brake in growing steps to no limit', () => {
  expect([0, 1, 3, 5, 25, 100].map(nextStep)).toEqual([1, 5, 5, 25, null, null]);
});

it('tells Temporal the rate with reason and actor; a release keeps the reason', async () => {
  const { sources, told, acts } = sourcesWith();
  expect(await brakeChannel(sources, 'payment', brake)).toMatchObject({ channel: 'payment-queue', perSecond: 0 });
  expect(await releaseChannel(sources, 'payment-queue', { actor: 'Kim' })).toMatchObject({ perSecond: 1 });
  expect(await releaseChannel(sources, 'payment', { actor: 'Kim', perSecond: null })).toBeNull();
  const limit = (requestsPerSecond: number) => ({ reason: brake.reason, rateLimit: { requestsPerSecond } });
  expect(told).toMatchObject([
    { taskQueue: 'payment-queue', taskQueueType: 2, identity: 'brake/Ada', updateQueueRateLimit: limit(0) },
    { identity: 'brake/Kim', updateQueueRateLimit: limit(1) },
    { updateQueueRateLimit: { reason: brake.reason } },
  ]);
  expect(told[2]).not.toHaveProperty('updateQueueRateLimit.rateLimit');
  expect(acts.map(({ actor, reason }) => [actor, reason])).toEqual(
    ['Ada', 'Kim', 'Kim'].map((who) => [who, brake.reason]),
  );
});

it.each([
  [12, 'Nothing was done to payment-queue: this Temporal server does not know rate limits of task queues'],
  [7, 'this Temporal server refuses rate limits of task queues to this client'],
])('leaves no brake behind when the server answers %d', async (code, sentence) => {
  const { sources, acts } = sourcesWith(grpcError(code));
  await expect(brakeChannel(sources, 'payment', brake)).rejects.toThrow(sentence);
  expect(newest(acts).get('payment-queue')).toMatchObject({ perSecond: null });
});

it('keeps the record of a brake that Temporal did not take, and says so', async () => {
  const { sources, acts } = sourcesWith(grpcError(14));
  await expect(brakeChannel(sources, 'payment', brake)).rejects.toThrow(
    /^It is recorded for payment-queue, but Temporal did not take it \(.*\): the order mediator's worker tells it again/,
  );
  expect(acts).toMatchObject([{ perSecond: 0 }]);
});
