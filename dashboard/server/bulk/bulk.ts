import { randomUUID } from 'node:crypto';
import { orderLines, orderTable, type OrderLineOfTable } from '../../../app/reads/order-table.ts';
import { mostInBulk, type BulkProgress } from '../api/orders.ts';
import { Failure } from '../failure.ts';
import type { Bulk, BulkAsked, Orders } from '../ports.ts';
import { runJob, type Job, type JobResult } from './job.ts';
import { previewOf, progressOf, reportOf, standingOf, totalOf } from './told.ts';
import { takingTurns } from './turns.ts';
import type { Sources } from "../../../app/sources.ts";

/** What a bulk action works with. */
export interface BulkParts {
  readonly sources: Pick<Sources, 'prisma'>;
  readonly orders: Pick<Orders, 'act'>;
  /** Told while one runs. */
  tell(progress: BulkProgress): void;
}

const mostShown = 500;
/** Kept for the second look; the oldest that does not run gives way. */
const mostJobs = 50;

/** All bulk actions together. */
const perSecond = 20;
const atOnce = 4;
const tellEveryMs = 250;

/** Actions on many orders: counted first, done no faster than the shop likes, looked at again afterwards. They end with this process; what was done stays done. */
export function createBulk({ sources: { prisma }, orders, tell }: BulkParts): Bulk {
  const jobs = new Map<string, Job>();
  const pace = { turn: takingTurns(perSecond), atOnce, tellEveryMs };
  const standing = async (orderId: string) => (await orderLines(prisma, [orderId]))[0];
  return {
    async preview(asked) {
      const found = await chosen(prisma, asked);
      const job = newJob(asked, found.slice(0, mostInBulk));
      forgetOne(jobs);
      jobs.set(job.id, job);
      const missing = 'orderIds' in asked.which ? asked.which.orderIds.length - found.length : 0;
      return previewOf(job, { isCut: found.length > mostInBulk, missing, perSecond });
    },
    async run(id, count, actor) {
      const job = jobOf(jobs, id);
      mustBegin(job, count);
      job.state = 'running';
      void runJob({ job, actor, orders, standing, tell: () => tell(progressOf(job)), pace });
      return progressOf(job);
    },
    async report(id, offset) {
      const job = jobOf(jobs, id);
      const lines = await orderLines(prisma, [...job.results.keys()]);
      return reportOf(job, new Map(lines.map((line) => [line.orderId, line])), { offset, most: mostShown });
    },
  };
}

function jobOf(jobs: ReadonlyMap<string, Job>, id: string): Job {
  const job = jobs.get(id);
  if (job) return job;
  throw new Failure('not-found', 'This bulk action is not known: the desk was started again since, or it is long ago.');
}

function mustBegin({ state, results }: Job, count: number): void {
  if (state !== 'previewed') throw new Failure('refused', 'It was begun already: look at how it goes.');
  if (results.size !== count) {
    throw new Failure('refused', `It is about ${results.size} orders, not ${count}: look at the count again.`);
  }
}

/** The named ones in the order they were named in. */
async function chosen(prisma: Sources['prisma'], { which }: BulkAsked): Promise<readonly OrderLineOfTable[]> {
  if ('filter' in which) {
    return orderTable(prisma, { filter: which.filter, sort: 'oldest', after: null, limit: mostInBulk + 1 });
  }
  const lines = new Map((await orderLines(prisma, which.orderIds)).map((line) => [line.orderId, line]));
  return which.orderIds.flatMap((orderId) => lines.get(orderId) ?? []);
}

const newJob = ({ action, content }: BulkAsked, lines: readonly OrderLineOfTable[]): Job => ({
  id: randomUUID(),
  action,
  content,
  state: 'previewed',
  results: new Map(lines.map((line) => [line.orderId, untouched(line)])),
});

const untouched = (line: OrderLineOfTable): JobResult => ({
  before: standingOf(line),
  total: totalOf(line),
  answer: 'waiting',
  message: null,
});

function forgetOne(jobs: Map<string, Job>): void {
  if (jobs.size < mostJobs) return;
  const old = [...jobs.values()].find(({ state }) => state !== 'running');
  if (!old) throw new Failure('too-many', 'Too many bulk actions run at the same time.');
  jobs.delete(old.id);
}
