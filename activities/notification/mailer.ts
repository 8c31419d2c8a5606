import { createTransport } from 'nodemailer';

/** A mail, ready to go. Headers are on one line, HTML is escaped. */
export interface Mail {
  readonly messageId: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** Hands the mail over to the SMTP server; throws a fault when the server did not take it, or did not say so. */
  send(mail: Mail): Promise<void>;
  /** Ends the connections. */
  close(): void;
}

const sender = { name: 'The Bookshop', address: 'orders@order-mediator.example' };

/** All below the ten seconds for which an attempt claims a mail. */
const patience = { connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 5_000 };

/** A mailer over SMTP with a few connections that are kept. Nothing is connected before the first mail. */
export function createMailer(smtpUrl: string): Mailer {
  const { hostname, port, protocol, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const auth = username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {};
  const address = { host: hostname, port: port ? Number(port) : secure ? 465 : 25, secure };
  const transport = createTransport({
    ...address,
    ...auth,
    ...patience,
    pool: true,
    maxConnections: 4,
    maxMessages: Infinity,
  });
  return {
    async send(mail) {
      await transport.sendMail({ ...mail, from: sender, disableFileAccess: true, disableUrlAccess: true });
    },
    close: () => transport.close(),
  };
}
