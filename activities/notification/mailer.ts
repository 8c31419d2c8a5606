import { createTransport } from 'nodemailer';
import { customerHeader } from '../../contracts/notification.ts';
import { faultOf, isRefusedForGood, type SmtpError } from './smtp-error.ts';
import { createTurns } from './turns.ts';
import { within, patience } from './time-limits.ts';

/** A mail, ready to go. Headers are on one line, HTML is escaped. */
export interface Mail {
  readonly messageId: string;
  /** Goes along in a header, so that a mail server can say whose mail has come back. */
  readonly customerId: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The server's answer to a mail: it took the mail, or it will never take it. The code is SMTP's, if there was one. */
export type Handover = { readonly taken: true } | { readonly taken: false; readonly code: number | undefined };

/** Hands one mail over to the SMTP server. Throws a fault when the server cannot take it now, or did not confirm it. */
export type Send = (mail: Mail) => Promise<Handover>;

export type Mailer = ReturnType<typeof createMailer>;

const sender = { name: 'The Bookshop', address: 'orders@order-mediator.example' };

const connections = 4;

/** The socket is also silent while the server decides, after the mail's last dot, so its time must allow for that. */
const timeouts = { connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: patience.sendMs };

/** A mailer over SMTP with a few connections that are kept. Nothing is connected before the first mail. */
export function createMailer(smtpUrl: string) {
  const transport = createTransport({
    ...serverOf(smtpUrl),
    ...timeouts,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
  });
  // The pool's own queue has no limit and no time, so the pool gets only as many mails as it has connections.
  const turns = createTurns(connections);
  const send = async ({ customerId, ...mail }: Mail, signal: AbortSignal): Promise<Handover> => {
    try {
      const headers = { [customerHeader]: customerId };
      await transport.sendMail({
        ...mail,
        headers,
        from: sender,
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      });
      return { taken: true };
    } catch (error) {
      if (isRefusedForGood(error as SmtpError)) return { taken: false, code: (error as SmtpError).responseCode };
      throw faultOf(error as SmtpError);
    }
  };
  return {
    /**
     * Waits until a connection is free and lets `use` send one mail over it. When none is free in time, it throws a
     * fault and does not call `use`: the claim that `use` makes first is therefore never older than the send. The
     * signal ends the waiting and the sending.
     */
    whenFree<T>(use: (send: Send) => Promise<T>, signal: AbortSignal): Promise<T> {
      let begun = false;
      const work = () => {
        begun = true;
        return use((mail) => within(patience.sendMs, signal, (end) => send(mail, end)));
      };
      return within(patience.freeConnectionMs, signal, (end) => turns.inTurn(end, work)).catch((error: unknown) => {
        throw begun ? error : new Error('No connection to the mail server came free in time; asking again is safe.');
      });
    },
    /** Ends the connections. */
    close: () => transport.close(),
  };
}

function serverOf(smtpUrl: string) {
  const { hostname, port, protocol, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const auth = username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {};
  return { host: hostname, port: port ? Number(port) : secure ? 465 : 25, secure, ...auth };
}
