import type { OutgoingMessage } from '../../broker-bridge/nats/broker.ts';
import { encodeEvent } from '../../broker-bridge/intake/send-events.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import type { Answer } from './deliver.ts';
import type { Line } from './lines.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import type { Report } from './report.ts';
import { openTally, type Settled, type Tally } from './tally.ts';
import { openWindow, type Window } from './window.ts';

/** How a file is sent. */
export interface Sending {
  readonly lines: AsyncIterable<Line>;
  readonly report: Report;
  /** The most events that wait for their acknowledgement at a time. */
  readonly window: number;
  /** May refuse what a line has beyond its envelope. */
  check(read: ReadEvent): ReadEvent;
  /** Brings an event to the queue. Never rejects. */
  deliver(message: OutgoingMessage): Promise<Answer>;
  /** Told of each event when it is known what became of it. */
  onSettled(settled: Settled): void;
  /** Told how the sending stands. */
  onProgress(tally: Tally): void;
  readonly interrupted: AbortSignal;
}

/**
 * Sends the events of a file in its order, those of one customer one after the other. Stops when it is interrupted, and when an event could not be
 * brought to the queue in time: those behind it would fare no better.
 */
export async function sendFile(sending: Sending): Promise<Tally> {
  const run = openRun(sending);
  for await (const line of sending.lines) {
    if (run.isStopped()) break;
    await run.take(line);
  }
  await run.window.empty();
  return run.tally.now();
}

interface Run extends Sending {
  readonly tally: ReturnType<typeof openTally>;
  readonly open: Window;
}

function openRun(sending: Sending) {
  const run: Run = { ...sending, tally: openTally(sending.onProgress), open: openWindow(sending.window) };
  const isStopped = () => run.tally.now().stoppedAtLine !== undefined || run.interrupted.aborted;
  return {
    isStopped,
    tally: run.tally,
    window: run.open,
    async take(line: Line) {
      const read = run.check(readEvent(line));
      run.tally.reads(line.endsAt);
      if (!read.ok) return settle(run, { state: 'refused', line: line.number, id: read.id, reason: read.reason });
      const message = encodeEvent(read.event, read.body);
      if (run.report.hasAcknowledged(message.id)) return run.tally.skips();
      const send = () => (isStopped() ? Promise.resolve() : sendOne(run, line.number, read.event.id, message));
      await run.open.begin(message.headers[eventHeaders.key], send);
    },
  };
}

async function sendOne(run: Run, line: number, id: string, message: OutgoingMessage): Promise<void> {
  const answer = await run.deliver(message);
  if (answer.state === 'acknowledged') return settle(run, { state: 'acknowledged', line, id, key: message.id });
  if (!answer.isFinal) run.tally.stops(line);
  await settle(run, { state: answer.state, line, id, reason: answer.reason });
}

async function settle({ tally, report, onSettled }: Run, settled: Settled): Promise<void> {
  tally.settles(settled);
  onSettled(settled);
  await report.write(settled);
}
