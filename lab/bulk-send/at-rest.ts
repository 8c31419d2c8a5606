import { setTimeout as sleep } from 'node:timers/promises';
import { actOnCase } from '../../app/act-on-case.ts';
import { listCases } from '../../app/reads/cases.ts';
import type { EventState } from '../../contracts/mediators/event-records.ts';
import type { Course } from '../kit/course.ts';
import type { LabShop } from '../open-shop.ts';

/** The initiating events by their state. */
export type Counts = Readonly<Partial<Record<EventState, number>>>;

const stallMs = 180_000;

/** Resolves when the counts are as wanted, or do not change any more: the report shows the difference then. */
export async function waitFor(
  shop: LabShop,
  wanted: (counts: Counts) => boolean,
  course: Course,
  say: (line: string) => void,
): Promise<Counts> {
  let [last, changed] = ['', performance.now()];
  for (;;) {
    const counts = await countStates(shop);
    course.note(counts);
    if (wanted(counts)) return counts;
    const now = JSON.stringify(counts);
    if (now !== last) [last, changed] = [now, performance.now()];
    if (performance.now() - changed > stallMs) {
      say(`nothing has changed for ${stallMs / 1_000} s: ${now}`);
      return counts;
    }
    await sleep(500);
  }
}

async function countStates({ sql }: LabShop): Promise<Counts> {
  const text = 'SELECT state, count(*)::int AS events FROM mediator_store.initiating_event GROUP BY 1';
  const { rows } = await sql.query<{ state: EventState; events: number }>(text);
  return Object.fromEntries(rows.map(({ state, events }) => [state, events]));
}

const atOnce = 8;

/** Discards every case that waits for a person, and resolves with their number. */
export async function discardWaiting({ database, client }: LabShop): Promise<number> {
  const sources = { database, client };
  const action = { actor: 'lab', reason: 'Nobody can repair it.' };
  let discarded = 0;
  for (;;) {
    const cases = await listCases(database, { state: 'waiting', limit: 100 });
    if (cases.length === 0) return discarded;
    for (let at = 0; at < cases.length; at += atOnce) {
      const some = cases.slice(at, at + atOnce);
      await Promise.all(
        some.map(({ caseId }) => actOnCase({ sources, caseId, name: 'discard', action, deadlineMs: 30_000 })),
      );
      discarded += some.length;
    }
  }
}
