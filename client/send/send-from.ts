import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { Context } from '../context.ts';
import { checkBody } from './check-body.ts';
import { deliver } from './deliver.ts';
import { linesOf } from './lines.ts';
import { withQueue } from './queue.ts';
import { noReport, openReport } from './report.ts';
import { sendFile } from './send-file.ts';
import { openSource } from './source.ts';
import type { Tally } from './tally.ts';
import { shortfall, tellOf } from './tell.ts';

/** How `send` sends; see its help. */
export interface SendSettings {
  readonly report?: string;
  readonly window: number;
  /** Milliseconds. */
  readonly deadline: number;
  readonly check?: boolean;
}

/** What a run came to. */
export interface SendOutcome {
  readonly tally: Tally;
  /** Why not everything was taken; undefined when it was. */
  readonly missing: string | undefined;
}

/** Sends what is in a file, and tells the user as it goes. Throws `AppError` when file, report or queue cannot be opened. */
export async function sendFrom(file: string, settings: SendSettings, context: Context): Promise<SendOutcome> {
  const { interrupted } = context;
  const source = await openSource(file, interrupted);
  const report = settings.report === undefined ? noReport : await openReport(settings.report);
  const told = tellOf(context, source.size);
  const send = (queue: Broker) =>
    sendFile({
      lines: linesOf(source.chunks),
      report,
      window: settings.window,
      check: settings.check ? checkBody : (read) => read,
      deliver: (message) =>
        deliver(message, { publish: (one) => queue.publish(one), deadlineMs: settings.deadline, interrupted }),
      onSettled: told.settled,
      onProgress: told.progress,
      interrupted,
    });
  try {
    const tally = await withQueue(context, send);
    return { tally, missing: shortfall(tally, interrupted.aborted, settings.report) };
  } finally {
    told.end();
    await report.close();
  }
}
