import { sleep } from '../../../broker-bridge/waiting.ts';
import type { Changed, Mark, Seen } from '../../../app/reads/changes.ts';
import type { FlowSnapshot } from '../api/flow.ts';
import type { DeskLog } from '../log.ts';
import type { LiveHub } from './hub.ts';

/** What is looked at for everybody together. */
export interface Watched {
  seenNow(): Promise<Seen>;
  changedSince(seen: Seen, most: number): Promise<Changed>;
  flow(): Promise<FlowSnapshot>;
}

const changesEveryMs = 1_000;
const flowEveryMs = 2_000;
/** A transaction may commit behind one with a higher place: what is as young as this is looked at again. */
const overlapMs = 3_000;
/** Looked at in one go; more is told as "much changed". */
const most = 1_000;
/** Told one by one. */
const mostTold = 100;

/** Looks once a second while somebody is there, whatever their number, and tells everybody what changed; at the flow every two seconds. */
export function createWatcher(watched: Watched, hub: () => LiveHub, log: DeskLog, pause = sleep) {
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
  readonly pause: typeof sleep;
}

/** Two looks that do not wait for each other: the flow asks Temporal and NATS, who may be away. */
async function watch(watching: Watching, signal: AbortSignal): Promise<void> {
  const { watched, hub } = watching;
  const tellFlow = async () => {
    const snapshot = await watched.flow();
    if (!signal.aborted) hub.tell('flow', snapshot);
  };
  const look = changeLooker(watched, hub);
  await Promise.all([
    again(watching, { what: 'what changes', everyMs: changesEveryMs, look: () => look(signal) }, signal),
    again(watching, { what: 'what flows', everyMs: flowEveryMs, look: tellFlow }, signal),
  ]);
}

interface Looking {
  readonly what: string;
  readonly everyMs: number;
  look(): Promise<void>;
}

async function again({ log, pause }: Watching, looking: Looking, signal: AbortSignal): Promise<void> {
  let isAway = false;
  while (!signal.aborted) {
    const hasFailed = await looking.look().then(
      () => false,
      () => true,
    );
    // Said once: it is looked again until it goes well.
    if (hasFailed && !isAway) log.warn({}, `the desk cannot see ${looking.what}; it goes on looking`);
    isAway = hasFailed;
    await pause(looking.everyMs, signal);
  }
}

/** Remembers what was seen and told. */
function changeLooker(watched: Watched, hub: LiveHub): (signal: AbortSignal) => Promise<void> {
  const seen: { readonly at: number; readonly seen: Seen }[] = [];
  const newOrders = untold();
  const newCases = untold();
  let people = '';
  return async (signal) => {
    seen.push({ at: Date.now(), seen: await watched.seenNow() });
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
    const { returns: waiting, approvals, mark } = changed.people;
    const now = `${waiting} ${approvals} ${mark}`;
    if (now !== people) hub.tell('returns', { waiting, approvals });
    people = now;
  };
}

/** The ids of the changes that were not told yet, those that changed last at the end. */
function untold(): (marks: readonly Mark[]) => readonly string[] {
  let told = new Set<string>();
  return (marks) => {
    const fresh = marks.filter((one) => !told.has(nameOf(one)));
    told = new Set(marks.map(nameOf));
    return [...new Set(fresh.map(({ id }) => id).toReversed())].toReversed();
  };
}

const nameOf = ({ id, mark }: Mark): string => `${id} ${mark}`;
