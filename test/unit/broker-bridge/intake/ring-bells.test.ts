import { afterEach, expect, test } from 'vitest';
import { createNotifier } from '../../../../broker-bridge/waiting.ts';
import { ringBells } from '../../../../broker-bridge/intake/ring-bells.ts';
import type { UnrungEvent } from '../../../../broker-bridge/intake/store/store.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { until } from '../../../support/until.ts';

const received = (eventId: string, customerId = `customer-of-${eventId}`): UnrungEvent => ({
  source: 'test',
  eventId,
  state: 'received',
  customerId,
  caseId: null,
  place: `place-${eventId}`,
  sequence: 1,
  fault: null,
  subject: null,
  headers: null,
  body: null,
});

const deadLetter = (eventId: string): UnrungEvent => ({
  ...received(eventId),
  state: 'dead-lettered',
  caseId: `place-${eventId}`,
  fault: { reason: 'bad-body', message: 'It does not fit.', problems: [] },
  subject: 'customer.event.place-order',
  headers: {},
  body: Buffer.alloc(0),
});

const repaired = (eventId: string): UnrungEvent => ({ ...received(eventId), state: 'repaired', caseId: 'case-1' });

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Rings for rows in memory. What was rung for is under way until the test ends it; trouble is as the test sets it. */
function ringing(mostUnderWay: number, rows: readonly UnrungEvent[] = []) {
  const stop = new AbortController();
  const notifier = createNotifier();
  const seen = { rung: [] as string[], sent: [] as string[], accepted: [] as string[], noted: [] as string[] };
  const now = { ended: 0, looks: 0, ringsAgain: 0, isCountAway: false, isTemporalAway: false, unrung: [...rows] };
  const temporal = (what: string, list: string[]): Promise<void> =>
    now.isTemporalAway ? Promise.reject(new Error('Temporal is away.')) : Promise.resolve(void list.push(what));
  const ended = ringBells(stop.signal, {
    store: {
      ringAgain: () => Promise.resolve(void (now.ringsAgain += 1)),
      underWay() {
        now.looks += 1;
        return now.isCountAway
          ? Promise.reject(new Error('PostgreSQL is away.'))
          : Promise.resolve(seen.noted.length - now.ended);
      },
      unrung(most, mostReceived) {
        const [mediated, others] = [true, false].map((is) =>
          now.unrung.filter(({ state }) => (state === 'received') === is),
        );
        return Promise.resolve([
          ...(mediated ?? []).slice(0, Math.max(0, mostReceived)),
          ...(others ?? []).slice(0, most),
        ]);
      },
      markRung(events) {
        const ids = new Set(events.map(({ eventId }) => eventId));
        seen.noted.push(...ids);
        now.unrung = now.unrung.filter(({ eventId }) => !ids.has(eventId));
        return Promise.resolve();
      },
    },
    ring: (customerId) => temporal(customerId, seen.rung),
    deadLetters: {
      send: ({ caseId }) => temporal(caseId, seen.sent),
      accepted: (caseId) => temporal(caseId, seen.accepted),
    },
    mostUnderWay,
    metrics: { count: () => undefined, stop: () => undefined },
    log: silentLog,
    notifier,
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  ends.push(end);
  const write = (...more: readonly UnrungEvent[]): void => {
    now.unrung.push(...more);
    notifier.notify();
  };
  return { ...seen, now, write, end };
}

/** Resolves when the number under way was looked up twice more. */
async function lookedTwice({ now }: Pick<ReturnType<typeof ringing>, 'now'>): Promise<void> {
  const { looks } = now;
  await until(() => now.looks > looks + 1);
}

test('as many are rung for as there is room for, and the next when others have ended', async () => {
  const intake = ringing(
    3,
    ['a', 'b', 'c', 'd', 'e'].map((id) => received(id)),
  );
  await until(() => intake.rung.length === 3);
  await lookedTwice(intake);
  expect(intake.noted).toEqual(['a', 'b', 'c']);
  intake.now.ended = 1;
  await until(() => intake.rung.length === 4);
  await lookedTwice(intake);
  expect(intake.noted).toEqual(['a', 'b', 'c', 'd']);
});

test('while there is room the number under way is looked up once for many', async () => {
  const { rung, now, write } = ringing(1_000);
  for (let round = 1; round <= 5; round += 1) {
    write(...Array.from({ length: 60 }, (_, n) => received(`${round}-${n}`)));
    await until(() => rung.length === 60 * round);
  }
  expect(now.looks).toBe(1);
});

test('dead letters and accepted cases do not wait for room', async () => {
  const { sent, accepted, rung, noted } = ringing(0, [received('a'), deadLetter('b'), repaired('c')]);
  await until(() => noted.length === 2);
  await until(() => rung.length === 1);
  expect([sent, accepted, rung]).toEqual([['place-b'], ['case-1'], ['customer-of-c']]);
});

test('no bell is rung while the number under way cannot be looked up', async () => {
  const { now, rung, write } = ringing(3);
  now.isCountAway = true;
  write(received('a'));
  await until(() => now.looks > 0);
  expect(rung).toEqual([]);
  now.isCountAway = false;
  await until(() => rung.length === 1);
});

test('a bell that Temporal did not hear is rung again, and a dead letter that it did not take is sent again', async () => {
  const { now, rung, sent, noted, write } = ringing(10);
  now.isTemporalAway = true;
  write(received('a'), deadLetter('b'));
  await until(() => noted.length > 0);
  expect(noted).toEqual(['a']);
  now.isTemporalAway = false;
  await until(() => rung.length === 1 && sent.length === 1);
  expect(noted).toEqual(['a', 'b']);
});

test('a customer is rung for once for all rows of a round; bells of a moment ago are noted anew at the beginning', async () => {
  const { now, rung, noted } = ringing(10, [received('a', 'c-1'), received('b', 'c-1'), received('c', 'c-2')]);
  await until(() => rung.length > 0);
  expect([rung, noted, now.ringsAgain]).toEqual([['c-1', 'c-2'], ['a', 'b', 'c'], 1]);
});

test('an intake that waits for room ends when it is stopped', async () => {
  const intake = ringing(0, [received('a')]);
  await lookedTwice(intake);
  await intake.end();
  expect(intake.rung).toEqual([]);
});
