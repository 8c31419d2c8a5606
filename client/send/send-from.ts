import type { Context } from '../context.ts';
import { deliver, withQueue } from './deliver.ts';
import { linesOf, openSource } from './lines.ts';
import { checkBody } from './read-event.ts';
import { noReport, openReport } from './report.ts';
import { sendFile } from './send-file.ts';
import { showProgress } from './show-progress.ts';
import { shortfall, type Tally } from './tally.ts';

/** The options of `send`; see its help. */
export interface SendSettings {
  readonly report?: string;
  readonly window: number;
  /** Milliseconds. */
  readonly deadline: number;
  readonly check?: boolean;
}

/** The counts of a run, and the reason when not every event was taken; undefined when it was. */
export interface SendOutcome {
  readonly tally: Tally;
  readonly missing: string | undefined;
}

/** Sends a file, and shows the user its progress. Throws an `AppError` when file, report or queue cannot be opened. */
export async function sendFrom(file: string, settings: SendSettings, context: Context): Promise<SendOutcome> {
  const { interrupted } = context;
  const source = await openSource(file, interrupted);
  const report = settings.report === undefined ? noReport : await openReport(settings.report);
  const { onProgress, onResult, end } = showProgress(context, source.size);
  try {
    const tally = await withQueue(context, (queue) =>
      sendFile({
        lines: linesOf(source.chunks),
        report,
        window: settings.window,
        check: settings.check ? checkBody : (read) => read,
        deliver: (message) =>
          deliver(message, { publish: (one) => queue.publish(one), deadlineMs: settings.deadline, interrupted }),
        onResult,
        onProgress,
        interrupted,
      }),
    );
    return { tally, missing: shortfall(tally, interrupted.aborted, settings.report) };
  } finally {
    end();
    await report.close();
  }
}
