import { setTimeout as sleep } from 'node:timers/promises';
import type { LabShop } from '../open-shop.ts';
import { startLoad } from './load.ts';
import { playPhases, type Phase } from './phases.ts';
import { otherQueues, watchQueues, type Sample } from './queues.ts';
import { withPressureStage } from './stage.ts';

/** The whole story once: what was sent, what waited when, and how long the rest took. */
export interface Played {
  readonly samples: readonly Sample[];
  readonly phases: readonly Phase[];
  readonly sent: number;
  readonly completed: number;
  /** Seconds from the last order that was sent to the end of the last one, and to empty queues of facts. */
  readonly ordersDrained: number;
  readonly factsDrained: number;
}

/** More customers than orders are sent. */
const customers = 5_000;

export const play = (say: (line: string) => void): Promise<Played> =>
  withPressureStage(customers, async (stage) => {
    const { shop } = stage;
    const watch = watchQueues(shop);
    const load = startLoad(shop);
    try {
      const phases = await playPhases(stage, watch.now, say);
      const ended = watch.now();
      await load.stop();
      const { sent } = load.counts();
      say(`${sent} orders were sent; the last of them go on`);
      const completed = await untilFinished(shop, sent);
      const ordersDrained = watch.now() - ended;
      await untilTold(watch.samples);
      return { samples: watch.samples, phases, sent, completed, ordersDrained, factsDrained: watch.now() - ended };
    } finally {
      await load.stop().catch(() => undefined); // its error was thrown above, unless another came first
      await watch.stop();
    }
  });

const patienceMs = 240_000;

const finished = `SELECT count(*)::int AS finished, count(*) FILTER (WHERE outcome = 'completed')::int AS completed
  FROM mediator_store.flow WHERE finished_at IS NOT NULL`;

/** Resolves with the number of orders that were completed, once all have ended. */
async function untilFinished({ sql }: LabShop, sent: number): Promise<number> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { rows } = await sql.query<{ finished: number; completed: number }>(finished);
    if (rows[0]?.finished === sent) return rows[0].completed;
    if (Date.now() > deadline)
      throw new Error(`Of ${sent} orders only ${rows[0]?.finished} have ended in four minutes.`);
    await sleep(250);
  }
}

/** Resolves when the relay has published every fact and the listeners have heard them. */
async function untilTold(samples: readonly Sample[]): Promise<void> {
  const deadline = Date.now() + patienceMs;
  const from = samples.length;
  for (;;) {
    const last = samples.length > from ? samples.at(-1) : undefined;
    if (last?.depths[otherQueues.outbox] === 0 && last.depths[otherQueues.listeners] === 0) return;
    if (Date.now() > deadline) throw new Error('Facts still waited for listeners four minutes after the last order.');
    await sleep(250);
  }
}
