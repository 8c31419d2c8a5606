import { NatsError, type JetStreamManager } from 'nats';
import { describe, expect, test } from 'vitest';
import { ensureStream } from '../../../broker-bridge/nats/streams.ts';

/** The server's refusal with one of its codes. */
const refuse = (code: number) => {
  const error = new NatsError('refused', '500');
  error.api_error = { code: 500, err_code: code, description: 'refused' };
  return Promise.reject(error);
};

/** JetStream's API, which knows no stream and refuses to make one with these codes, one after the other. */
function managementThat(...refusals: readonly number[]) {
  const left = [...refusals];
  const asked: string[] = [];
  const streams = {
    info: () => refuse(10059),
    add() {
      asked.push('add');
      const code = left.shift();
      return code === undefined ? Promise.resolve({}) : refuse(code);
    },
    update: () => Promise.resolve(asked.push('update')),
  };
  return { management: { streams } as unknown as JetStreamManager, asked };
}

const queue = {
  name: 'CUSTOMER_EVENTS',
  subjects: ['customer.event.>'],
  keeps: 'work-queue',
  duplicateWindowSeconds: 0.1,
  maxBytes: 1_000,
  maxMessages: 10,
} as const;

describe('making a stream', () => {
  test.each([
    [
      'is tried once more when the server could not make its files, as after the deletion of its last stream',
      [10049],
      ['add', 'add'],
    ],
    ['is tried once more beside others who make it too', [10049, 10058], ['add', 'add', 'update']],
    ['brings the one that is there to these settings', [10058], ['add', 'update']],
  ] as const)('%s', async (_, refusals, calls) => {
    const { management, asked } = managementThat(...refusals);
    await ensureStream(management, queue);
    expect(asked).toEqual(calls);
  });

  test('fails when the server cannot make it a second time, or refuses it for another reason', async () => {
    for (const refusals of [[10049, 10049], [10047]]) {
      const { management, asked } = managementThat(...refusals);
      await expect(ensureStream(management, queue)).rejects.toThrow('refused');
      expect(asked).toHaveLength(refusals.length);
    }
  });
});
