import { expect, test } from 'vitest';
import type { CloudEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { bounceOf, createBouncer } from '../../../stack/smtp-sink/bounces.ts';
import type { MailEntry, SinkEntry } from '../../../stack/smtp-sink/mails.ts';
import { until } from '../../support/until.ts';

const mailTo = (address: string, headers = 'X-Customer-ID: c-1\r\nMessage-ID: <1@example.com>\r\n'): MailEntry => ({
  type: 'mail',
  at: '2026-11-23T10:00:00.000Z',
  from: 'shop@example.com',
  to: [address],
  raw: `${headers}Subject: Hello\r\n\r\nHello`,
});

/** A bouncer on a journal in memory; `answer` is asked for each event that it publishes. */
function bouncerOn(entries: SinkEntry[], answer: () => Promise<unknown> = () => Promise.resolve()) {
  const published: CloudEvent[] = [];
  const failures: unknown[] = [];
  const { wake } = createBouncer({
    journal: { entries, append: (entry) => Promise.resolve(void entries.push(entry)) },
    publish: async (event) => {
      await answer();
      published.push(event);
    },
    onFailure: (error) => void failures.push(error),
    pauseMs: 5,
  });
  return { wake, published, failures };
}

test('mails to some domains come back, each with its status', () => {
  const statuses = ['jo@bounces.example', 'jo@BOUNCES.example', 'jo@full.example', 'jo@example.com'].map((to) =>
    bounceOf({ to: [to] }),
  );
  expect(statuses).toEqual(['5.1.1', '5.1.1', '4.2.2', undefined]);
});

test('a mail that comes back is told once as an event of its customer', async () => {
  const entries: SinkEntry[] = [mailTo('jo@example.com'), mailTo('jo@bounces.example')];
  const { wake, published } = bouncerOn(entries);
  await Promise.all([wake(), wake()]);
  await wake();
  const data = { customerId: 'c-1', messageId: '<1@example.com>', status: '5.1.1' };
  expect(published).toMatchObject([{ type: 'mail-bounced', time: '2026-11-23T10:00:00.000Z', data }]);
});

test('a mail that is not of the shop is nothing to tell it', async () => {
  const entries: SinkEntry[] = [mailTo('jo@bounces.example', '')];
  const { wake, published } = bouncerOn(entries);
  await wake();
  expect(published).toEqual([]);
});

test('an event that is not kept is told again, under its id, also after a start anew', async () => {
  const entries: SinkEntry[] = [mailTo('jo@bounces.example')];
  let attempts = 0;
  const failsTwice = () => (attempts++ < 2 ? Promise.reject(new Error('away')) : Promise.resolve());
  const first = bouncerOn(entries, failsTwice);
  await first.wake();
  await until(() => entries.length === 2, { what: 'the bounce to be noted' });
  expect([attempts, first.published.length, first.failures.length]).toEqual([3, 1, 2]);
  const again = bouncerOn(entries);
  await again.wake();
  expect(again.published).toEqual([]);
  const crashed = bouncerOn(entries.slice(0, 1));
  await crashed.wake();
  expect(crashed.published[0]?.id).toBe(first.published[0]?.id);
});
