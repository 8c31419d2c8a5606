import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { postedComments, type Comment } from '../../../lab/responsiveness/comment.ts';
import type { Way } from '../../../lab/responsiveness/front.ts';
import { openServiceBack, openServiceFront } from '../../../lab/responsiveness/service.ts';
import { openUsers } from '../../../lab/responsiveness/users.ts';
import { freePort } from '../../../stack/launch/ports.ts';
import { quietenTheSdk } from '../../support/quieten-sdk.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

const parsingMs = 1_500;
let rig: Rig;
let users: ReturnType<typeof openUsers>;
let posted: () => Promise<number>;
beforeAll(async () => {
  quietenTheSdk();
  rig = await openRig({ temporal: true, nats: true, smtpSink: true });
  const { address: temporalAddress, namespace } = rig.temporal;
  const servers = { natsUrl: rig.nats.url, smtpUrl: rig.smtpSink.url, temporalAddress, namespace, parsingMs };
  const port = await freePort();
  rig.onClose(await openServiceBack(servers));
  rig.onClose(await openServiceFront(servers, port));
  users = openUsers(port, 2, 0);
  rig.onClose(users.close);
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log: silentLog });
  rig.onClose(() => broker.close());
  posted = async () => (await broker.streamInfo(postedComments.stream))?.messages ?? 0;
});
afterAll(() => rig.close());

const good = (id: string): Comment => ({ id, author: 'ann@example.com', text: 'A book to read twice.' });
const bad = (id: string): Comment => ({ id, author: 'bob@example.com', text: 'What a lousy book.' });
const mailsAbout = async (id: string) => (await rig.smtpSink.mails()).filter(({ customerId }) => customerId === id);

describe('a comment with a forbidden word', () => {
  test.each<Way>(['asynchronous', 'one-by-one', 'early-return'])(
    'is accepted before it is parsed, and comes back to its author by mail (%s)',
    async (way) => {
      const before = await posted();
      const [refused, taken] = await Promise.all([
        users.comment(way, bad(`bad-${way}`)),
        users.comment(way, good(`good-${way}`)),
      ]);
      expect([refused.answer, taken.answer]).toEqual(['accepted', 'accepted']);
      expect(await posted()).toBe(before);
      await until(async () => (await mailsAbout(`bad-${way}`)).length > 0, { within: 60_000, what: 'the mail' });
      await until(async () => (await posted()) > before, { within: 60_000, what: 'the other comment' });
      expect(await mailsAbout(`bad-${way}`)).toMatchObject([
        { to: 'bob@example.com', text: expect.stringContaining('lousy') as string },
      ]);
      expect(await posted()).toBe(before + 1);
    },
  );

  test.each<Way>(['waiting', 'parallel'])('is refused in the answer of one who waits (%s)', async (way) => {
    const before = await posted();
    expect(await users.comment(way, bad(`bad-${way}`))).toMatchObject({ answer: 'refused' });
    expect(await users.comment(way, good(`good-${way}`))).toMatchObject({ answer: 'posted' });
    expect(await posted()).toBe(before + 1);
  });
});
