import { join } from 'node:path';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { launchNats } from '../../stack/launch/nats.ts';
import { freePort } from '../../stack/launch/ports.ts';
import { launchSmtpSink } from '../../stack/launch/stand-ins.ts';
import { launchTemporal } from '../../stack/launch/temporal.ts';
import type { Mail } from '../../stack/smtp-sink/mails.ts';
import { until } from '../../test/support/until.ts';
import { launchEntry } from '../kit/entry.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { Measurement } from '../kit/report.ts';
import { inScratch, type Scratch } from '../kit/scratch.ts';
import { labLog } from '../open-shop.ts';
import { postedComments, type Comment } from './comment.ts';
import type { Way } from './front.ts';
import { reportOf, settings, type Ran } from './report.ts';
import { ensureCommentStreams } from './streams.ts';
import { openUsers } from './users.ts';

const { users: userCount, forbidden, networkMs, parsingMs } = settings;
const ways = ['waiting', 'parallel', 'asynchronous', 'one-by-one', 'early-return'] as const satisfies readonly Way[];

/** The chapter's comment service: how long a user waits, and what becomes of a comment that is refused. */
export const measurement: Measurement = {
  name: 'responsiveness',
  summary: 'the comment service: waiting, asynchronous, early return, and the engines in parallel',
  runs: 5,
  measure: ({ runs, say }) =>
    inScratch(async (scratch) => {
      const service = await openService(scratch);
      // One after the other: a run counts what is posted while it lasts.
      for (const way of ways) await commentAtOnce(service, way, `warm-${way}`);
      let round = 0;
      const sides = ways.map((way) => [way, () => commentAtOnce(service, way, `${way}-${(round += 1)}`)]);
      const measured = await inTurns<Ran>(runs, Object.fromEntries(sides), (way, number, { userMs }) =>
        say(`${way}, run ${number}: the slowest of ${userMs.length} users waited ${Math.max(...userMs).toFixed(0)} ms`),
      );
      return reportOf(measured);
    }),
};

interface Service {
  readonly users: ReturnType<typeof openUsers>;
  readonly broker: Broker;
  mails(): Promise<readonly Mail[]>;
}

async function openService({ folder, onClose }: Scratch): Promise<Service> {
  const started = await Promise.all([
    launchNats({ folder: join(folder, 'nats') }),
    launchTemporal({ folder: join(folder, 'temporal'), headless: true }),
    launchSmtpSink({ folder: join(folder, 'smtp-sink') }),
  ]);
  for (const server of started) onClose(server.stop);
  const [nats, temporal, smtp] = started;
  const addresses = { natsUrl: nats.url, smtpUrl: smtp.url, temporalAddress: temporal.url, namespace: 'default' };
  const port = await freePort();
  for (const entry of ['back-main', 'front-main']) {
    const path = `lab/responsiveness/${entry}.ts`;
    onClose((await launchEntry(path, folder, { ...addresses, parsingMs, port })).stop);
  }
  const broker = await connectBroker({ url: nats.url, name: 'lab', log: labLog });
  onClose(() => broker.close());
  await ensureCommentStreams(broker);
  const users = openUsers(port, userCount, networkMs);
  onClose(users.close);
  const mails = async () => (await (await fetch(`http://127.0.0.1:${smtp.ports['http']}/mails`)).json()) as Mail[];
  return { users, broker, mails };
}

/** All users comment at once. Resolves when every comment is posted, or has come back to its author. */
async function commentAtOnce({ users, broker, mails }: Service, way: Way, run: string): Promise<Ran> {
  await users.connect();
  const comments = Array.from({ length: userCount }, (_, number) => commentOf(run, number));
  const before = await postedCount(broker);
  const commented = await Promise.all(comments.map((comment) => users.comment(way, comment)));
  const toBeTold = commented.filter(({ answer }, number) => isForbidden(number) && answer === 'accepted');
  const ownMails = async () => (await mails()).filter(({ customerId }) => customerId.startsWith(`${run}/`));
  const posted = userCount - forbidden;
  const isDone = async () =>
    (await postedCount(broker)) - before >= posted && (await ownMails()).length >= toBeTold.length;
  await until(isDone, { within: 60_000, what: `the comments of ${run}` });
  const mailed = await ownMails();
  const told = commented.flatMap(({ answer, userMs }) => (answer === 'refused' ? [userMs] : []));
  for (const { comment, at } of toBeTold) {
    const mail = mailed.find(({ customerId }) => customerId === comment.id);
    if (mail) told.push(Date.parse(mail.at) - at);
  }
  return {
    serviceMs: commented.map(({ serviceMs }) => serviceMs),
    userMs: commented.map(({ userMs }) => userMs),
    toldMs: told,
    posted: (await postedCount(broker)) - before,
  };
}

const postedCount = async (broker: Broker): Promise<number> =>
  (await broker.streamInfo(postedComments.stream))?.messages ?? 0;

const isForbidden = (number: number): boolean => number % (userCount / forbidden) === 0;

const commentOf = (run: string, number: number): Comment => ({
  id: `${run}/${number}`,
  author: `author-${number}@example.com`,
  text: isForbidden(number) ? `Number ${number}: what a lousy book.` : `Number ${number}: a book to read twice.`,
});
