import { SMTPServer } from 'smtp-server';
import type { ActivityContext } from '../../../activities/kit/activity-context.ts';
import type { MailAboutOrder } from '../../../contracts/notification.ts';
import { anOrderId, isbns, type Workbench } from './workbench.ts';

/** A command with everything a mail needs. */
export function anEmail(changes: Partial<MailAboutOrder> = {}): MailAboutOrder {
  const orderId = changes.orderId ?? anOrderId();
  const kind = changes.kind ?? 'confirmation';
  return {
    requestId: `${orderId}/email-customer/${kind}/1`,
    orderId,
    kind,
    customerId: 'c-1',
    to: { name: 'Anna Lindqvist', email: 'anna.lindqvist@example.com' },
    about: {
      lines: [
        { isbn: isbns.plenty, quantity: 1, title: 'Effective Java', unitPrice: { amount: 4590, currency: 'EUR' } },
      ],
      shipping: { amount: 490, currency: 'EUR' },
      total: { amount: 5080, currency: 'EUR' },
    },
    ...changes,
  };
}

/** As if so much time had passed that a claim means a crash. */
export const claimRunsOut = (bench: Workbench, requestId: string): Promise<unknown> =>
  bench.sql(`UPDATE notification.mail SET claimed_at = now() - interval '31 seconds' WHERE request_id = $1`, [
    requestId,
  ]);

/** Stands for the activity where a processor is called without Temporal: nothing stops it. */
export const outsideTemporal = (): ActivityContext => ({
  attempt: 1,
  log: { info: () => undefined, warn: () => undefined },
  cancellation: new AbortController().signal,
  heartbeat: () => undefined,
});

/** What a test wants of its mail server, to be changed at any time. */
interface Manners {
  /** Between the mail's last dot and the answer to it. */
  thinksForMs: number;
  /** The reply to the sender, to the recipient, or to the content, instead of a yes. */
  says: { readonly to?: 'sender' | 'recipient' | 'content'; readonly code?: number };
}

export interface MoodyMailServer {
  readonly url: string;
  readonly manners: Manners;
  /** Message-IDs of what it has accepted, in their order. It counts a mail as soon as its last dot is there. */
  readonly accepted: readonly string[];
  close(): Promise<void>;
}

/** An SMTP server in the test's own process that is as slow, or as unkind, as the test says. */
export async function openMoodyMailServer(): Promise<MoodyMailServer> {
  const manners: Manners = { thinksForMs: 0, says: {} };
  const accepted: string[] = [];
  const answer = (about: Manners['says']['to'], done: (error?: Error | null) => void) => {
    const { to, code } = manners.says;
    // Some servers quote the address: what they say must not get into a log.
    const no = Object.assign(new Error('no thanks, <anna.lindqvist@example.com>'), { responseCode: code });
    done(to === about ? no : null);
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onMailFrom: (_address, _session, done) => answer('sender', done),
    onRcptTo: (_address, _session, done) => answer('recipient', done),
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [, messageId = ''] = /^message-id:\s*(\S+)/im.exec(Buffer.concat(chunks).toString()) ?? [];
        if (manners.says.to !== 'content') accepted.push(messageId);
        setTimeout(() => answer('content', done), manners.thinksForMs);
      });
    },
  });
  // A sender that hangs up is the test's wish.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const { port } = listening.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    manners,
    accepted,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
