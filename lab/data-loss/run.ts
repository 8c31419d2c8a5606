import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, connect, type NatsConnection } from 'nats';
import type pg from 'pg';
import type { RunningProcess } from '../../stack/launch/process.ts';
import type { RigPart } from '../../test/support/rig/part.ts';
import { endAll, type Ending } from '../../test/support/rig/end-all.ts';
import { launchEntry } from '../kit/entry.ts';
import { seeded, shuffled } from '../kit/seeded.ts';
import { counted, type Counted } from './effects.ts';
import { namesOf, type Holes, type WorkSettings } from './work.ts';

/** The servers of all runs. */
export interface Site {
  readonly folder: string;
  readonly nats: RigPart;
  readonly databaseUrl: string;
  readonly sql: pg.Pool;
}

/** The parts that are killed. */
const targets = ['producer', 'nats-server', 'processor'] as const;
type Target = (typeof targets)[number];

/** Messages that were published, and what became of them. */
export interface Ran extends Counted {
  readonly lost: number;
  readonly kills: number;
}

/**
 * Sends all messages from the producer through the queue into the database, while each part is killed so many times.
 */
export async function runWithKills(
  site: Site,
  given: Holes & { readonly run: string; readonly messages: number; readonly killsEach: number; readonly seed: number },
): Promise<Ran> {
  const { killsEach, seed, ...work } = given;
  const folder = join(site.folder, work.run);
  await mkdir(folder);
  const noteFile = join(folder, 'published');
  const settings: WorkSettings = { ...work, noteFile, natsUrl: site.nats.url, databaseUrl: site.databaseUrl };
  await makeQueue(site, work);
  const endings: Ending[] = [];
  try {
    const parts = await startParts(site, settings, folder, endings);
    const kills = killsOf(killsEach, seeded(seed));
    for (const { target, at, afterMs } of kills) {
      await progress(site, settings, target, at * work.messages);
      await sleep(afterMs);
      await parts.crash(target);
    }
    await atRest(site, settings);
  } finally {
    await endAll(endings);
  }
  const found = await counted(site.sql, work.run);
  return { ...found, lost: work.messages - found.done, kills: killsEach * targets.length };
}

/** The processor's consumer hands a message out again after two seconds without an acknowledgement. */
async function makeQueue({ nats }: Site, { run, acknowledges }: Holes & { readonly run: string }): Promise<void> {
  const { stream, subject, consumer } = namesOf(run);
  await withNats(nats.url, async (connection) => {
    const management = await connection.jetstreamManager();
    await management.streams.add({ name: stream, subjects: [subject] });
    const explicit = { ack_policy: AckPolicy.Explicit, ack_wait: 2_000_000_000, max_ack_pending: 1_000 };
    const policy = acknowledges === 'explicit' ? explicit : { ack_policy: AckPolicy.None };
    await management.consumers.add(stream, { durable_name: consumer, ...policy });
  });
}

async function withNats<Result>(url: string, work: (connection: NatsConnection) => Promise<Result>): Promise<Result> {
  const connection = await connect({ servers: url, waitOnFirstConnect: true });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function startParts({ nats }: Site, settings: WorkSettings, folder: string, endings: Ending[]) {
  const launch = (part: 'producer' | 'processor') => launchEntry(`lab/data-loss/${part}-main.ts`, folder, settings);
  const running: Record<'producer' | 'processor', RunningProcess> = {
    processor: await launch('processor'),
    producer: await launch('producer'),
  };
  endings.push(
    () => running.producer.stop(),
    () => running.processor.stop(),
  );
  return {
    /** Kills a part and starts it again; a server on the same folder. */
    async crash(target: Target): Promise<void> {
      if (target === 'nats-server') {
        await nats.kill();
        await nats.start();
      } else {
        await running[target].kill();
        running[target] = await launch(target);
      }
    },
  };
}

/** Each part is killed in each stretch of the run once, in an order by chance, some milliseconds off by chance. */
function killsOf(each: number, random: () => number) {
  const stretches = Array.from({ length: each }, () => shuffled(targets, random)).flat();
  return stretches.map((target, index) => ({
    target,
    at: (index + 0.2 + 0.6 * random()) / stretches.length,
    afterMs: random() * 30,
  }));
}

/** Waits until so many messages are published; for the processor, until so many have come to it. */
async function progress({ sql }: Site, settings: WorkSettings, target: Target, messages: number): Promise<void> {
  const reached = async () =>
    target === 'processor' ? (await counted(sql, settings.run)).done : await published(settings.noteFile);
  // What is lost never comes: behind all that was published there is nothing to wait for.
  while ((await reached()) < messages && (await published(settings.noteFile)) < settings.messages) await sleep(5);
}

const published = async (noteFile: string): Promise<number> =>
  Number((await readFile(noteFile, 'utf8')).trimEnd().split('\n').at(-1) ?? 0);

/** Waits until all is published and nothing waits or is in work; what is not in the database then is lost. */
async function atRest({ nats, sql }: Site, { run, messages, noteFile }: WorkSettings): Promise<void> {
  const deadline = Date.now() + 60_000;
  const { stream, consumer } = namesOf(run);
  await withNats(nats.url, async (connection) => {
    const management = await connection.jetstreamManager();
    let before = -1;
    for (;;) {
      const { num_pending: pending, num_ack_pending: inFlight } = await management.consumers.info(stream, consumer);
      const { done } = await counted(sql, run);
      if ((await published(noteFile)) >= messages && pending + inFlight === 0 && done === before) return;
      if (Date.now() > deadline) throw new Error(`The run ${run} is not at rest after a minute.`);
      before = done;
      await sleep(1_500);
    }
  });
}
