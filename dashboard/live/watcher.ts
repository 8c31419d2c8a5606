import { rest } from '../../broker-bridge/rest.ts';
import type { Changed, Mark, Seen } from '../../prisma/read/changes.ts';
import type { FlowSnapshot } from '../api/flow.ts';
import type { DeskLog } from '../log.ts';
import type { LiveHub } from './hub.ts';

/** What is looked at for everybody together. */
export interface Watched {
  seenNow(): Promise<Seen>;
  changedSince(seen: Seen, most: number): Promise<Changed>;
  flow(): Promise<FlowSnapshot>;
}

const everyMs = 1_000;
/** A transaction may commit behind one with a higher place: what is as young as this is looked at again. */
const overlapMs = 3_000;
/** Looked at in one go; more is told as "much changed". */
const most = 1_000;
/** Told one by one. */
const mostTold = 100;

/** Looks once a second while somebody is there, whatever their number, and tells everybody what changed. */
export function createWatcher(watched: Watched, hub: () => LiveHub, log: DeskLog, pause = rest) {
  let ending: AbortController | undefined;
  return {
    /** Begins when the first comes, ends when the last has gone. */
    onCrowd(isAnybodyThere: boolean): void {
      ending?.abort();
      ending = isAnybodyThere ? new AbortController() : undefined;
      if (ending) void watch({ watched, hub: hub(), log, pause }, ending.signal);
    },
  };
}

interface Watching {
  readonly watched: Watched;
  readonly hub: LiveHub;
  readonly log: DeskLog;
  readonly pause: typeof rest;
}

async function watch({ watched, hub, log, pause }: Watching, signal: AbortSignal): Promise<void> {
  const look = changeLooker(watched, hub);
  const tellFlow = async () => {
    const snapshot = await watched.flow();
    if (!signal.aborted) hub.tell('flow', snapshot);
  };
  let isAway = false;
  for (let turn = 0; !signal.aborted; turn += 1) {
    const looks = await Promise.allSettled([look(signal), ...(turn % 2 === 0 ? [tellFlow()] : [])]);
    const hasFailed = looks.some(({ status }) => status === 'rejected');
    // Said once: it is looked again until it goes well.
    if (hasFailed && !isAway) log.warn({}, 'the desk cannot see what changes; it goes on looking');
    isAway = hasFailed;
    await pause(everyMs, signal);
  }
}

/** Remembers what was seen and told. */
function changeLooker(watched: Watched, hub: LiveHub): (signal: AbortSignal) => Promise<void> {
  const seen: { readonly at: number; readonly seen: Seen }[] = [];
  const newOrders = untold();
  const newCases = untold();
  let waitingReturns = -1;
  return async (signal) => {
    const now = await watched.seenNow();
    seen.push({ at: Date.now(), seen: now });
    while (seen[1] && seen[1].at < Date.now() - overlapMs) seen.shift();
    const changed = await watched.changedSince((seen[0] as { seen: Seen }).seen, most);
    if (signal.aborted) return;
    const orders = newOrders(changed.orders);
    if (orders.length > 0) {
      hub.tell('orders', { changed: orders.slice(0, mostTold), isCut: changed.isCut || orders.length > mostTold });
    }
    const cases = newCases(changed.cases);
    if (cases.length > 0) {
      const isCut = changed.isCut || cases.length > mostTold;
      hub.tell('cases', { changed: cases.slice(-mostTold), isCut, open: changed.openCases });
    }
    if (changed.waitingReturns !== waitingReturns) hub.tell('returns', { waiting: changed.waitingReturns });
    waitingReturns = changed.waitingReturns;
  };
}

/** The ids among the marks that were not told yet. */
function untold(): (marks: readonly Mark[]) => readonly string[] {
  let told = new Map<string, string>();
  return (marks) => {
    const fresh = marks.filter(({ id, mark }) => told.get(id) !== mark);
    told = new Map(marks.map(({ id, mark }) => [id, mark]));
    return fresh.map(({ id }) => id);
  };
}
