import PQueue from 'p-queue';
import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import type { OutgoingMessage } from '../../broker-bridge/nats/broker.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import type { Delivered } from './deliver.ts';
import type { Line } from './lines.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import type { Report } from './report.ts';
import { createTally, type EventResult, type Tally } from './tally.ts';

/** The settings of a run, and the callbacks it tells. */
export interface SendRun {
  readonly lines: AsyncIterable<Line>;
  readonly report: Report;
  /** The most events that wait for their acknowledgement at a time. */
  readonly window: number;
  /** May refuse an event by its body. */
  check(read: ReadEvent): ReadEvent;
  /** Brings an event to the queue. Never rejects. */
  deliver(message: OutgoingMessage): Promise<Delivered>;
  /** Called with each event once its result is known. */
  onResult(result: EventResult): void;
  /** Called with the counts of the run. */
  onProgress(tally: Tally): void;
  readonly interrupted: AbortSignal;
}

/**
 * Sends the events of a file in its order, and those of one customer one after the other. It stops when it is
 * interrupted, and when an event could not be brought to the queue in time, because those after it would fail too.
 */
export async function sendFile(run: SendRun): Promise<Tally> {
  const tally = createTally(run.onProgress);
  const inFlight = limitInFlight(run.window);
  const isStopped = () => tally.now().stoppedAtLine !== undefined || run.interrupted.aborted;
  const keep = async (result: EventResult): Promise<void> => {
    tally.count(result);
    run.onResult(result);
    await run.report.write(result);
  };
  for await (const line of run.lines) {
    if (isStopped()) break;
    const read = run.check(readEvent(line));
    tally.readTo(line.endsAt);
    if (!read.ok) {
      await keep({ state: 'refused', line: line.number, id: read.id, reason: read.reason });
      continue;
    }
    const message = encodeEvent(read.event, read.body);
    if (run.report.hasAcknowledged(message.id)) tally.skip();
    else await inFlight.begin(message.headers[eventHeaders.key], () => sendOne(line.number, read.event.id, message));
  }
  await inFlight.empty();
  return tally.now();

  async function sendOne(line: number, id: string, message: OutgoingMessage): Promise<void> {
    if (isStopped()) return;
    const delivered = await run.deliver(message);
    if (delivered.state === 'acknowledged') return keep({ state: 'acknowledged', line, id, key: message.id });
    if (!delivered.isFinal) tally.stop(line);
    await keep({ state: delivered.state, line, id, reason: delivered.reason });
  }
}

/**
 * Limits the work under way to `most` at once, and to one piece at a time for each key. `empty` reports work that
 * failed.
 */
function limitInFlight(most: number) {
  const queue = new PQueue({ concurrency: most });
  const lastOfKey = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const mustBeWell = () => {
    if (failure) throw failure.error;
  };
  return {
    /** Resolves when there is room and no work of this key is under way. The work begins then. */
    async begin(key: string | undefined, work: () => Promise<void>): Promise<void> {
      await queue.onSizeLessThan(1);
      if (key !== undefined) await lastOfKey.get(key);
      mustBeWell();
      const piece = queue
        .add(() => (failure ? Promise.resolve() : work()))
        .then(forget, (error: unknown) => {
          failure ??= { error };
          forget();
        });
      if (key !== undefined) lastOfKey.set(key, piece);
      function forget(): void {
        if (key !== undefined && lastOfKey.get(key) === piece) lastOfKey.delete(key);
      }
    },
    async empty(): Promise<void> {
      await queue.onIdle();
      mustBeWell();
    },
  };
}
