import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNotificationProcessor } from '../../../activities/notification/processor.ts';
import { createMailer, type Mailer } from '../../../activities/notification/mailer.ts';
import type { EmailCustomer, NotificationProcessor } from '../../../contracts/notification.ts';
import { createNotificationStore, type MailClaim } from '../../../activities/notification/store.ts';
import { until } from '../../support/until.ts';
import { anEmail, claimRunsOut, openMoodyMailServer, outsideTemporal, type MoodyMailServer } from './mailing.ts';
import { openWorkbench, type Workbench } from './workbench.ts';
import { messageIdOf } from '../../../activities/notification/compose-mail.ts';

let bench: Workbench;
let server: MoodyMailServer;
let mailer: Mailer;
let processor: NotificationProcessor;
const activities: AbortController[] = [];
const warnings: string[] = [];
const warn = (message: string, about?: object) => void warnings.push(`${message} ${JSON.stringify(about)}`);
beforeAll(async () => {
  bench = await openWorkbench();
  server = await openMoodyMailServer();
  mailer = createMailer(server.url);
  processor = createNotificationProcessor({
    mailer,
    store: createNotificationStore(bench.database),
    activity() {
      const ending = new AbortController();
      activities.push(ending);
      const { log, ...context } = outsideTemporal();
      return { ...context, cancellation: ending.signal, log: { ...log, warn } };
    },
  });
});
beforeEach(() => {
  Object.assign(server.manners, { thinksForMs: 0, says: {} });
  warnings.length = 0;
});
afterAll(async () => {
  mailer.close();
  await server.close();
  await bench.close();
});

const sendingsOf = ({ requestId }: EmailCustomer) =>
  server.accepted.filter((messageId) => messageId === messageIdOf(requestId)).length;
const rowOf = async ({ requestId }: EmailCustomer) => {
  const query = `SELECT claimed_at IS NOT NULL AS claimed, sent_at IS NOT NULL AS sent, refused_at IS NOT NULL AS refused
    FROM notification.mail WHERE request_id = $1`;
  return (await bench.sql<{ claimed: boolean; sent: boolean; refused: boolean }>(query, [requestId]))[0];
};
const faultOf = (attempt: Promise<unknown>) => attempt.then(() => undefined, String);

describe('a mail server that takes six seconds for a mail', () => {
  it('gets each mail once: what waits for a connection has claimed nothing, and is a fault before its time is over', async () => {
    server.manners.thinksForMs = 6_000;
    const commands = Array.from({ length: 8 }, () => anEmail());
    const faults = Promise.all(commands.map((command) => faultOf(processor.emailCustomer(command))));
    await until(() => server.accepted.length >= 4);
    expect(await bench.sql('SELECT FROM notification.mail WHERE claimed_at IS NOT NULL')).toHaveLength(4);
    const told = (await faults).filter((fault) => fault !== undefined);
    expect(told).toHaveLength(4);
    for (const fault of told) expect(fault).toMatch(/No connection to the mail server came free/);
    server.manners.thinksForMs = 100;
    for (const command of commands) expect(await processor.emailCustomer(command)).toMatchObject({ delivered: true });
    expect(commands.map(sendingsOf)).toEqual(commands.map(() => 1));
  });
});

describe('a mail that is being sent', () => {
  it('is a fault for whoever asks meanwhile', async () => {
    server.manners.thinksForMs = 1_000;
    const command = anEmail();
    const first = processor.emailCustomer(command);
    await until(() => sendingsOf(command) === 1);
    expect(await faultOf(processor.emailCustomer(command))).toMatch(/still sending/);
    expect(await first).toMatchObject({ delivered: true });
    expect(sendingsOf(command)).toBe(1);
  });

  it('is cut off when the worker ends, and so is the wait for a connection', async () => {
    server.manners.thinksForMs = 3_000;
    const attempts = Array.from({ length: 5 }, () => faultOf(processor.emailCustomer(anEmail())));
    const before = server.accepted.length;
    await until(() => server.accepted.length === before + 4);
    const begun = Date.now();
    for (const activity of activities) activity.abort();
    for (const fault of await Promise.all(attempts)) expect(fault).toMatch(/asking again is safe/);
    expect(Date.now() - begun).toBeLessThan(1_500);
  });
});

describe('a claim', () => {
  it('is given up by its owner only', async () => {
    const store = createNotificationStore(bench.database);
    const command = anEmail();
    const claim = () => store.claim(command, messageIdOf(command.requestId));
    const giveUp = (held: MailClaim) =>
      held.outcome === 'yours' ? store.giveUp(command.requestId, held.claimedAt) : expect.fail(held.outcome);
    const first = await claim();
    await claimRunsOut(bench, command.requestId);
    const second = await claim();
    await giveUp(first);
    expect(await claim()).toEqual({ outcome: 'busy' });
    await giveUp(second);
    expect(await claim()).toMatchObject({ outcome: 'yours' });
  });
});

describe('a mail that is refused', () => {
  it.each([
    ['recipient', 550],
    ['content', 554],
  ] as const)('for good (%s, %i) is acknowledged as not delivered, and never tried again', async (to, code) => {
    server.manners.says = { to, code };
    const command = anEmail();
    const answer = { messageId: messageIdOf(command.requestId), delivered: false };
    expect(await processor.emailCustomer(command)).toEqual(answer);
    expect(await rowOf(command)).toMatchObject({ sent: false, refused: true });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${code}`);
    expect(warnings[0]).toContain(command.requestId);
    expect(warnings[0]).not.toMatch(/anna|lindqvist/i);
    server.manners.says = {};
    await claimRunsOut(bench, command.requestId);
    expect(await processor.emailCustomer(command)).toEqual(answer);
    expect(sendingsOf(command)).toBe(0);
    expect(await bench.factsOf(command.orderId)).toEqual(['email-refused']);
  });

  it('because its address is none is not delivered either', async () => {
    const command = anEmail({ to: { name: 'Anna', email: ' ' } });
    expect(await processor.emailCustomer(command)).toMatchObject({ delivered: false });
  });

  it.each([
    ['recipient', 450],
    ['content', 451],
    ['sender', 550],
  ] as const)('for now, or for our own sake (%s, %i), is a fault, and is sent when that is over', async (to, code) => {
    server.manners.says = { to, code };
    const command = anEmail();
    const fault = await faultOf(processor.emailCustomer(command));
    expect(fault).toContain(`${code}`);
    expect(fault).not.toMatch(/lindqvist/);
    server.manners.says = {};
    expect(await processor.emailCustomer(command)).toMatchObject({ delivered: true });
    expect(sendingsOf(command)).toBe(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
    expect(warnings).toEqual([]);
  });
});
