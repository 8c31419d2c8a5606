import { factStream } from '../contracts/facts.ts';
import type { Broker, StreamSettings } from './broker.ts';
import { reasonOf, type Log } from './log.ts';

/** The stream of facts. A fact that is sent again within the duplicate window is kept once; later ones the listeners drop. */
const factStreamSettings: StreamSettings = { ...factStream, duplicateWindowSeconds: 120 };

/** Makes the stream of facts when it is not there. Safe to repeat, and at once from several processes. */
export const ensureFactStream = (broker: Pick<Broker, 'ensureStream'>): Promise<void> =>
  broker.ensureStream(factStreamSettings);

interface Varz {
  readonly jetstream?: { readonly config?: { readonly sync_always?: boolean; readonly sync_interval?: number } };
}

/**
 * Warns when a confirmed message may not be on the server's disk yet (NATS syncs every two minutes by itself). Says nothing
 * at the info level when the monitor cannot be reached: foreign servers often have none.
 */
export async function warnUnlessSynced(monitorUrl: string, log: Log): Promise<void> {
  const varz = await readVarz(monitorUrl, log);
  const jetstream = varz?.jetstream?.config;
  if (!jetstream || jetstream.sync_always) return;
  const seconds = (jetstream.sync_interval ?? 0) / 1e9;
  log.warn({ seconds }, 'NATS confirms messages before they are on disk: set jetstream.sync_interval to always');
}

async function readVarz(monitorUrl: string, log: Log): Promise<Varz | null> {
  try {
    const answer = await fetch(new URL('/varz', monitorUrl), { signal: AbortSignal.timeout(2_000) });
    return (await answer.json()) as Varz;
  } catch (error) {
    log.debug({ error: reasonOf(error) }, 'The monitor of NATS does not answer: it is not known when it syncs to disk');
    return null;
  }
}
