import { freePort } from './ports.ts';
import type { Launched } from './launched.ts';
import { launchNodeServer } from './stand-ins.ts';

export interface SmtpSinkOptions {
  /** Holds the ledger and the log. */
  readonly folder: string;
  readonly port?: number;
  /** Where the mails can be read. */
  readonly httpPort?: number;
}

/** A mail server that delivers to nobody and keeps everything. Ports: `smtp` and `http`. */
export async function launchSmtpSink(options: SmtpSinkOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const httpPort = options.httpPort ?? (await freePort());
  const running = await launchNodeServer({
    name: 'smtp-sink',
    entry: 'stack/smtp-sink/main.ts',
    folder: options.folder,
    args: ['--port', String(port), '--http-port', String(httpPort)],
    healthUrl: `http://127.0.0.1:${httpPort}/health`,
  });
  const url = `smtp://127.0.0.1:${port}`;
  return { name: 'smtp-sink', ports: { smtp: port, http: httpPort }, url, ...running };
}
