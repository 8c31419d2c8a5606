import { join } from 'node:path';
import pg from 'pg';
import { launchNats } from '../../stack/launch/nats.ts';
import { launchPostgres } from '../../stack/launch/postgres.ts';
import { openPart } from '../../test/support/rig/part.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { Measurement, Report } from '../kit/report.ts';
import { inScratch, type Scratch } from '../kit/scratch.ts';
import { pointOf, shown, spreadOf } from '../kit/spread.ts';
import { createTables } from './effects.ts';
import { runWithKills, type Ran, type Site } from './run.ts';
import { workMs, type Holes } from './work.ts';

const messages = 1_500;
const killsEach = 2;

/** All three holes closed. */
export const closed: Holes = {
  publishes: 'awaited',
  acknowledges: 'explicit',
  when: 'after-commit',
  hasInbox: true,
};

const sides: Readonly<Record<string, Holes>> = {
  'producer to queue open: fire and forget': { ...closed, publishes: 'forget' },
  'queue to processor open: acknowledged when delivered': { ...closed, acknowledges: 'automatic' },
  'processor to database open: acknowledged before the commit': { ...closed, when: 'before-commit' },
  'closed, without an inbox': { ...closed, hasInbox: false },
  closed,
};

/** The three holes of the chapter through which messages are lost, opened one by one under kills, and closed. */
export const measurement: Measurement = {
  name: 'data-loss',
  summary: 'the three holes through which messages are lost, opened one by one under kills, and closed',
  runs: 5,
  measure: ({ runs, say }) =>
    inScratch(async (scratch) => {
      const site = await openSite(scratch);
      let run = 0;
      const measured = await inTurns<Ran>(
        runs,
        Object.fromEntries(
          Object.entries(sides).map(([name, holes]) => {
            let seed = 0; // every side has the same kills in its first run, in its second …
            const once = () =>
              runWithKills(site, { ...holes, messages, killsEach, run: `r${(run += 1)}`, seed: (seed += 1) });
            return [name, once];
          }),
        ),
        (name, number, { lost, doubled }) => say(`${name}, run ${number}: ${lost} lost, ${doubled} doubled`),
      );
      return reportOf(measured);
    }),
};

/** NATS, which is killed and started again, and PostgreSQL. */
export async function openSite({ folder, onClose }: Scratch): Promise<Site> {
  const nats = await openPart((ports) =>
    launchNats({
      folder: join(folder, 'nats'),
      ...(ports ? { port: ports['client'] ?? 0, monitorPort: ports['monitor'] ?? 0 } : {}),
    }),
  );
  onClose(nats.stop);
  const postgres = await launchPostgres({ folder: join(folder, 'postgres') });
  onClose(postgres.stop);
  const sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  onClose(() => sql.end());
  await createTables(sql);
  return { folder, nats, databaseUrl: postgres.url, sql };
}

function reportOf(measured: Readonly<Record<string, readonly Ran[]>>): Report {
  const found = Object.entries(measured).map(([side, runs]) => ({
    side,
    messages: messages * runs.length,
    kills: runs.reduce((sum, { kills }) => sum + kills, 0),
    lost: spreadOf(runs.map(({ lost }) => lost)),
    doubled: spreadOf(runs.map(({ doubled }) => doubled)),
  }));
  return {
    settings: {
      messages,
      killsEach,
      killed: 'producer, nats-server, processor',
      'work on a message, ms': workMs,
      'JetStream sync_interval': 'always',
    },
    figures: { sides: found },
    tables: [
      {
        title: `Of ${messages} messages a run: median of the runs (least to most)`,
        columns: ['holes', 'messages', 'kills', 'lost in a run', 'doubled in a run'],
        rows: found.map(({ side, messages: all, kills, lost, doubled }) => [
          side,
          all,
          kills,
          shown(lost),
          shown(doubled),
        ]),
      },
    ],
    charts: [
      {
        name: 'lost',
        title: `Messages lost of ${messages}, with ${killsEach} kills of each part`,
        kind: 'bars',
        xLabel: 'holes',
        yLabel: 'messages',
        series: (['lost', 'doubled'] as const).map((name) => ({
          name,
          points: found.map((row) => pointOf(row.side, row[name])),
        })),
      },
    ],
    notes: [
      'Each run kills the producer, the NATS server and the processor (SIGKILL) at moments by a seeded chance, and starts them again; the seed makes a run’s moments the same each time. The producer goes on behind the last message it has noted as published.',
      'Lost is what the producer has noted as published and what has no effect in the database when nothing waits any more.',
      'How much an open hole loses hangs on how much is on the way when a part dies: messages in the producer’s buffer, messages delivered in advance, messages in work.',
      'Closed: the producer waits for JetStream’s acknowledgement and repeats under the same id, the processor acknowledges after the commit, and an inbox row in the same transaction keeps a message that comes again from a second effect. Without the inbox nothing is lost, and what comes again is doubled.',
      'A kill ends a process, not the machine: what the server had written before stays in the system’s cache. That a loss of power loses nothing either is what sync_interval: always is for, and is not shown here.',
    ],
  };
}
