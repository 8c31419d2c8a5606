import { randomUUID } from 'node:crypto';
import type { Sources } from '../../client/orders.ts';
import { orderLines, orderTable, type OrderLineOfTable } from '../../prisma/read/order-table.ts';
import type { BulkPreview, BulkProgress, BulkReport, OrderStanding } from '../api/orders.ts';
import { Failure } from '../failure.ts';
import type { Bulk, BulkAsked, Orders } from '../ports.ts';
import { runJob, type Job, type Pace } from './job.ts';

/** What a bulk action works with. */
export interface BulkParts {
  readonly sources: Pick<Sources, 'prisma'>;
  readonly orders: Pick<Orders, 'act'>;
  /** Told while one runs. */
  tell(progress: BulkProgress): void;
  readonly pace?: Partial<Pace>;
}

const mostOrders = 5_000;
const mostShown = 500;
/** Kept for the second look; the oldest that does not run gives way. */
const mostJobs = 50;

const usualPace: Pace = { perSecond: 20, atOnce: 4, tellEveryMs: 250 };

/** Actions on many orders: counted first, done no faster than the shop likes, looked at again afterwards. They end with this process; what was done stays done. */
export function createBulk({ sources: { prisma }, orders, tell, pace: given }: BulkParts): Bulk {
  const jobs = new Map<string, Job>();
  const pace = { ...usualPace, ...given };
  const jobOf = (id: string): Job => {
    const job = jobs.get(id);
    if (!job)
      throw new Failure(
        'not-found',
        'This bulk action is not known: the desk was started again since, or it is long ago.',
      );
    return job;
  };
  const linesOf = async (ids: readonly string[]) =>
    new Map((await orderLines(prisma, ids)).map((line) => [line.orderId, line]));
  return {
    async preview(asked) {
      const found = await chosen(prisma, asked);
      const lines = found.slice(0, mostOrders);
      const job = newJob(asked, lines);
      forgetOne(jobs);
      jobs.set(job.id, job);
      return previewOf(job, lines, found.length > mostOrders, pace);
    },
    async run(id, count, actor) {
      const job = jobOf(id);
      if (job.state !== 'previewed') throw new Failure('refused', 'It was begun already: look at how it goes.');
      if (job.results.size !== count) {
        throw new Failure('refused', `It is about ${job.results.size} orders, not ${count}: look at the count again.`);
      }
      job.state = 'running';
      void runJob({ job, actor, orders, tell: () => tell(progressOf(job)), pace });
      return progressOf(job);
    },
    async report(id, offset) {
      const job = jobOf(id);
      const ids = [...job.results.keys()];
      return reportOf(job, await linesOf(ids), ids.slice(offset, offset + mostShown), offset);
    },
  };
}

const chosen = (prisma: Sources['prisma'], { which }: BulkAsked): Promise<OrderLineOfTable[]> =>
  'filter' in which
    ? orderTable(prisma, { filter: which.filter, sort: 'oldest', after: null, limit: mostOrders + 1 })
    : orderLines(prisma, which.orderIds);

const standingOf = ({ state, holdReason }: OrderStanding): OrderStanding => ({ state, holdReason });

const newJob = ({ action, content }: BulkAsked, lines: readonly OrderLineOfTable[]): Job => ({
  id: randomUUID(),
  action,
  content,
  state: 'previewed',
  results: new Map(
    lines.map((line) => [line.orderId, { before: standingOf(line), answer: 'waiting' as const, message: null }]),
  ),
});

function forgetOne(jobs: Map<string, Job>): void {
  if (jobs.size < mostJobs) return;
  const old = [...jobs.values()].find(({ state }) => state !== 'running');
  if (!old) throw new Failure('too-many', 'Too many bulk actions run at the same time.');
  jobs.delete(old.id);
}

function previewOf(job: Job, lines: readonly OrderLineOfTable[], isCut: boolean, { perSecond }: Pace): BulkPreview {
  const held = lines.flatMap(({ holdReason }) => (holdReason === null ? [] : [holdReason]));
  const byState = countsOf(lines.map(({ state }) => state));
  return {
    id: job.id,
    action: job.action,
    count: lines.length,
    byState,
    byHoldReason: countsOf(held),
    isCut,
    perSecond,
  };
}

function countsOf<Name extends string>(names: readonly Name[]): Partial<Record<Name, number>> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function progressOf({ id, action, state, results }: Job): BulkProgress {
  const answers = countsOf([...results.values()].map(({ answer }) => answer));
  const { waiting = 0, taken = 0, refused = 0, unknown = 0 } = answers;
  return { id, action, state, count: results.size, done: results.size - waiting, taken, refused, unknown };
}

/** An order that is gone from the ledger (refused at step 1) stands where it stood. */
function reportOf(
  job: Job,
  now: ReadonlyMap<string, OrderStanding>,
  shown: readonly string[],
  offset: number,
): BulkReport {
  const afterOf = (orderId: string, before: OrderStanding) => standingOf(now.get(orderId) ?? before);
  const isElsewhere = (orderId: string, before: OrderStanding): boolean => {
    const after = afterOf(orderId, before);
    return after.state !== before.state || after.holdReason !== before.holdReason;
  };
  const changed = [...job.results].filter(([orderId, { before }]) => isElsewhere(orderId, before)).length;
  const orders = shown.flatMap((orderId) => {
    const result = job.results.get(orderId);
    return result ? [{ orderId, ...result, after: afterOf(orderId, result.before) }] : [];
  });
  return { ...progressOf(job), changed, orders, offset };
}
