import { sleep } from '../../../broker-bridge/waiting.ts';
import type { Changed, Mark, Seen } from '../../../app/reads/changes.ts';
import type { FlowSnapshot } from '../api/flow.ts';
import type { Log } from '../../../broker-bridge/component.ts';
import type { LiveHub } from './hub.ts';

/** The reads that the watcher repeats, once for all viewers. */
export interface Watched {
  seenNow(): Promise<Seen>;
  changedSince(seen: Seen, most: number): Promise<Changed>;
  flow(): Promise<FlowSnapshot>;
}

const changesEveryMs = 1_000;
const flowEveryMs = 2_000;
/** A transaction may commit behind one with a higher position: changes as young as this are read again. */
const overlapMs = 3_000;
/** Changes that one read returns; more are reported as cut. */
const mostRead = 1_000;
/** Ids in one event. */
const mostSent = 100;

/**
 * Reads changes once a second and the flow every two seconds while there are viewers, however many, and sends them to
 * all.
 */
export function createWatcher(watched: Watched, hub: () => LiveHub, log: Log, pause = sleep) {
  let ending: AbortController | undefined;
  return {
    /** Begins with the first viewer, ends with the last. */
    onCrowd(hasViewers: boolean): void {
      ending?.abort();
      ending = hasViewers ? new AbortController() : undefined;
      if (ending) void watchChanges({ watched, hub: hub(), log, pause }, ending.signal);
    },
  };
}

interface Watching {
  readonly watched: Watched;
  readonly hub: LiveHub;
  readonly log: Log;
  readonly pause: typeof sleep;
}

/** Runs two loops that do not wait for each other: the flow asks Temporal and NATS, which may be away. */
async function watchChanges(watching: Watching, signal: AbortSignal): Promise<void> {
  const { watched, hub } = watching;
  const sendFlow = async () => {
    const snapshot = await watched.flow();
    if (!signal.aborted) hub.tell('flow', snapshot);
  };
  const sendChanges = changeSender(watched, hub);
  await Promise.all([
    repeat(watching, { what: 'what changes', everyMs: changesEveryMs, read: () => sendChanges(signal) }, signal),
    repeat(watching, { what: 'what flows', everyMs: flowEveryMs, read: sendFlow }, signal),
  ]);
}

interface Repeated {
  readonly what: string;
  readonly everyMs: number;
  read(): Promise<void>;
}

async function repeat({ log, pause }: Watching, repeated: Repeated, signal: AbortSignal): Promise<void> {
  let isAway = false;
  while (!signal.aborted) {
    const hasFailed = await repeated.read().then(
      () => false,
      () => true,
    );
    // Logged once: it is tried again until it succeeds.
    if (hasFailed && !isAway) log.warn({}, `the desk cannot see ${repeated.what}; it goes on looking`);
    isAway = hasFailed;
    await pause(repeated.everyMs, signal);
  }
}

/** Keeps the cursor of what was read, and which changes were sent already. */
function changeSender(watched: Watched, hub: LiveHub): (signal: AbortSignal) => Promise<void> {
  const cursors: { readonly at: number; readonly cursor: Seen }[] = [];
  const newOrders = unsentIds();
  const newCases = unsentIds();
  let people = '';
  return async (signal) => {
    cursors.push({ at: Date.now(), cursor: await watched.seenNow() });
    while (cursors[1] && cursors[1].at < Date.now() - overlapMs) cursors.shift();
    const changed = await watched.changedSince((cursors[0] as { cursor: Seen }).cursor, mostRead);
    if (signal.aborted) return;
    const orders = newOrders(changed.orders);
    if (orders.length > 0) {
      hub.tell('orders', { changed: orders.slice(0, mostSent), isCut: changed.isCut || orders.length > mostSent });
    }
    const cases = newCases(changed.cases);
    if (cases.length > 0) {
      const isCut = changed.isCut || cases.length > mostSent;
      hub.tell('cases', { changed: cases.slice(-mostSent), isCut, open: changed.openCases });
    }
    const { returns: waiting, approvals, mark } = changed.people;
    const now = `${waiting} ${approvals} ${mark}`;
    if (now !== people) hub.tell('returns', { waiting, approvals });
    people = now;
  };
}

/** Filters the changes that were not sent yet; the ids that changed last come at the end. */
function unsentIds(): (marks: readonly Mark[]) => readonly string[] {
  let sent = new Set<string>();
  return (marks) => {
    const fresh = marks.filter((one) => !sent.has(keyOfChange(one)));
    sent = new Set(marks.map(keyOfChange));
    return [...new Set(fresh.map(({ id }) => id).toReversed())].toReversed();
  };
}

const keyOfChange = ({ id, mark }: Mark): string => `${id} ${mark}`;
