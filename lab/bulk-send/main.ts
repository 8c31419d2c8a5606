import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { actOnCase } from '../../app/act-on-case.ts';
import { runClient } from '../../client/program.ts';
import { styleFor } from '../../client/print/style.ts';
import { table } from '../../client/print/table.ts';
import type { EventState } from '../../contracts/mediators/event-records.ts';
import { listCases } from '../../app/reads/cases.ts';
import { eventClasses } from '../../app/reads/events.ts';
import { addCustomers, withLabShop, type LabShop } from '../open-shop.ts';
import { blockSize, eventLine, perBlock } from './events.ts';

/*
 * `npm run lab:bulk-send`: sends EVENTS events (50,000) through `client send` into a system of its own: nine in ten of
 * the simple class, 2 % bad. Rules repair half of the bad ones; the others wait on the desk until this script discards
 * them. Prints the outcomes of all, and fails unless the sums agree.
 */

const blocks = Math.max(1, Math.round(Number(process.env['EVENTS'] ?? 50_000) / blockSize));
const events = blocks * blockSize;
const stallSeconds = 180;

type Counts = Readonly<Partial<Record<EventState, number>>>;

const seconds = (since: number) => (performance.now() - since) / 1000;

async function writeEvents(file: string): Promise<void> {
  const stream = createWriteStream(file);
  for (let at = 0; at < events; at += 1) if (!stream.write(`${eventLine(at)}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Sends the file as a user does, and resolves with the result that `--json` printed. */
async function send({ env, folder }: LabShop): Promise<{ sent: number; acknowledged: number; refused: number }> {
  const printed: string[] = [];
  await runClient(['send', join(folder, 'events.jsonl'), '--json', '--report', join(folder, 'report.jsonl')], {
    env,
    style: styleFor({ isTerminal: false, env }),
    print: (line) => void printed.push(line),
    note: console.error,
    interrupted: new AbortController().signal,
  });
  return JSON.parse(printed[0] ?? '{}') as { sent: number; acknowledged: number; refused: number };
}

async function countStates({ sql }: LabShop): Promise<Counts> {
  const text = 'SELECT state, count(*)::int AS events FROM mediator_store.initiating_event GROUP BY 1';
  const { rows } = await sql.query<{ state: EventState; events: number }>(text);
  return Object.fromEntries(rows.map(({ state, events: counted }) => [state, counted]));
}

/**
 * Waits until the counts are as wanted, and gives up when they do not change any more; the table shows the difference
 * then.
 */
async function waitFor(shop: LabShop, wanted: (counts: Counts) => boolean): Promise<Counts> {
  let [last, changed, told] = ['', performance.now(), performance.now()];
  for (;;) {
    const counts = await countStates(shop);
    if (wanted(counts)) return counts;
    const now = JSON.stringify(counts);
    if (now !== last) [last, changed] = [now, performance.now()];
    if (seconds(changed) > stallSeconds) {
      console.error(`Nothing has changed for ${stallSeconds} s.`);
      return counts;
    }
    if (seconds(told) > 10) {
      console.log(`  ${now}`);
      told = performance.now();
    }
    await sleep(500);
  }
}

/** Discards every case that waits for a person. */
async function discardWaiting({ database, client }: LabShop): Promise<number> {
  const sources = { database, client };
  let discarded = 0;
  for (;;) {
    const cases = await listCases(database, { state: 'waiting', limit: 100 });
    if (cases.length === 0) return discarded;
    for (let at = 0; at < cases.length; at += 8) {
      const action = { actor: 'lab', reason: 'Nobody can repair it.' };
      const some = cases.slice(at, at + 8);
      await Promise.all(
        some.map(({ caseId }) => actOnCase({ sources, caseId, name: 'discard', action, deadlineMs: 30_000 })),
      );
      discarded += some.length;
    }
  }
}

async function measure(shop: LabShop): Promise<boolean> {
  await addCustomers(shop, events);
  await writeEvents(join(shop.folder, 'events.jsonl'));
  const begun = performance.now();
  const sent = await send(shop);
  const sendSeconds = seconds(begun);
  console.log(`sent ${sent.sent} in ${sendSeconds.toFixed(1)} s, ${Math.round(sent.sent / sendSeconds)}/s`);
  const { byRules, discarded, waiting } = perBlock;
  const atRest = await waitFor(
    shop,
    (now) =>
      now.received === blocks * waiting &&
      !now.started &&
      now['dead-lettered'] === blocks * discarded &&
      now.repaired === blocks * byRules,
  );
  console.log(`all but what waits for a person is complete after ${seconds(begun).toFixed(1)} s`);
  await printWaiting(shop);
  const given = await discardWaiting(shop);
  const complete = events - blocks * (perBlock.bad - byRules);
  const end = await waitFor(shop, (now) => now.complete === complete && !now.received && !now['dead-lettered']);
  console.log(`all is complete after ${seconds(begun).toFixed(1)} s, ${Math.round(events / seconds(begun))}/s\n`);
  const checks: readonly (readonly [what: string, wanted: number, got: number])[] = [
    ['events in the file', events, sent.sent],
    ['acknowledged by the queue', events, sent.acknowledged],
    ['refused by the queue', 0, sent.refused],
    ['rows, less those of resubmitted events', events, sum(end) - blocks * byRules],
    ['waiting behind what waited for a person', blocks * waiting, atRest.received ?? 0],
    ['handed over and repaired by rules', blocks * byRules, end.repaired ?? 0],
    ['handed over and discarded', blocks * discarded, end.discarded ?? 0],
    ['discarded at the desk by the script', blocks * discarded, given],
    ['complete, those resubmitted among them', complete, end.complete ?? 0],
    ['received, started or dead-lettered at the end', 0, open(end)],
  ];
  print(checks);
  await printClasses(shop);
  return checks.every(([, wanted, got]) => wanted === got);
}

const sum = (counts: Counts): number => Object.values(counts).reduce((total, one) => total + one, 0);

const open = ({ received = 0, started = 0, 'dead-lettered': deadLettered = 0 }: Counts): number =>
  received + started + deadLettered;

function print(checks: readonly (readonly [string, number, number])[]): void {
  const columns = [
    { heading: '' },
    { heading: 'should be', align: 'right' },
    { heading: 'is', align: 'right' },
  ] as const;
  const rows = checks.map(([what, wanted, got]) => [what, String(wanted), `${got}${wanted === got ? '' : '  !'}`]);
  for (const line of table(columns, rows)) console.log(line);
}

/** Prints the reasons for which cases wait, with their numbers. */
async function printWaiting({ sql }: LabShop): Promise<void> {
  const text = `SELECT reason, message, count(*)::int AS cases FROM repair.case WHERE closed_at IS NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20`;
  for (const { reason, message, cases } of (await sql.query<{ reason: string; message: string; cases: number }>(text))
    .rows) {
    console.log(`  ${cases} cases: ${reason}: ${message}`);
  }
}

async function printClasses({ database }: LabShop): Promise<void> {
  console.log('\nreceived to complete (everything was sent at once, so this is mostly waiting):');
  for (const { mediatorClass, events: counted, p50, p95 } of await eventClasses(database)) {
    console.log(
      `  ${mediatorClass ?? 'unknown'}: ${counted} events, p50 ${p50?.toFixed(1) ?? '-'} s, p95 ${p95?.toFixed(1) ?? '-'} s`,
    );
  }
}

await withLabShop([['order-mediator'], ['mediators'], ['processors'], ['relay'], ['intake']], async (shop) => {
  if (!(await measure(shop))) process.exitCode = 1;
});
