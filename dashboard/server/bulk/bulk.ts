import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sources } from '../../../app/sources.ts';
import { orderLines, orderTable } from '../../../app/reads/order-table.ts';
import { bulkPerSecond, mostInBulk, type BulkOrder, type BulkProgress } from '../../../contracts/mediators/bulk.ts';
import type { BulkReport } from '../api/orders.ts';
import { Failure } from '../failure.ts';
import type { Bulk, BulkAsked } from '../ports.ts';
import { begun, chosenOrder, counted, previewOf, reportOf, type Selection } from './shown.ts';
import { bulkWorkflows, type BulkWorkflows } from './workflows.ts';

/** The sources of bulk actions, and the receiver of their progress. */
export interface BulkParts {
  readonly sources: Pick<Sources, 'database'> & { readonly client: Client };
  /** Called with the progress while a bulk action runs. */
  tell(progress: BulkProgress): void;
}

const mostShown = 500;
/** The most selections that were counted and are kept; the oldest is dropped first. */
const mostSelections = 50;
const tellEveryMs = 500;

/**
 * Actions on many orders: counted first, then run as a workflow, then reported on. Only a count that was not begun is
 * lost with this process.
 */
export function createBulk({ sources: { database, client }, tell }: BulkParts): Bulk {
  const selections = new Map<string, Selection>();
  const workflows = bulkWorkflows(client);
  const follow = follower(workflows, tell);
  return {
    list: async () => ({ bulk: await workflows.list() }),
    async preview(asked) {
      const found = await chosen(database, asked);
      const { action, content, which } = asked;
      const selection = { id: randomUUID(), action, content, orders: found.slice(0, mostInBulk) };
      keep(selections, selection);
      const missing = 'orderIds' in which ? which.orderIds.length - found.length : 0;
      return previewOf(selection, { isCut: found.length > mostInBulk, missing, perSecond: bulkPerSecond });
    },
    async run(id, { count, name: given }, actor) {
      const selection = selections.get(id);
      if (!selection) throw new Failure('not-found', 'This count is no longer kept: count again.');
      mustFit(selection, count);
      const name = given ?? `${selection.action} ${count} orders`;
      await workflows.start({ ...selection, name, actor });
      follow(id);
      return begun(selection, name, actor);
    },
    async control(id, name, actor) {
      const progress = await workflows.control(id, name, actor);
      tell(progress);
      follow(id);
      return progress;
    },
    async report(id, offset) {
      const { orders, ...progress } = await resultsOf(workflows, selections, id);
      if (progress.state === 'running' || progress.state === 'stopping') follow(id);
      const lines = await orderLines(
        database,
        orders.map(({ orderId }) => orderId),
      );
      const now = new Map(lines.map((line) => [line.orderId, line]));
      return reportOf(progress, orders, now, { offset, most: mostShown });
    },
  };
}

type Results = Omit<BulkReport, 'changed' | 'orders' | 'offset'> & { readonly orders: readonly BulkOrder[] };

/** A selection that was begun is known by its workflow. */
async function resultsOf(workflows: BulkWorkflows, selections: ReadonlyMap<string, Selection>, id: string) {
  const selection = selections.get(id);
  return workflows.results(id).catch((error: unknown): Results => {
    if (!selection || !(error instanceof Failure && error.code === 'not-found')) throw error;
    return { ...counted(selection), orders: selection.orders };
  });
}

/**
 * Reports the progress of a bulk action for as long as it runs. One that cannot be asked is followed again when it is
 * read the next time.
 */
function follower(workflows: BulkWorkflows, tell: BulkParts['tell']): (id: string) => void {
  const followed = new Set<string>();
  const tellToTheEnd = async (id: string): Promise<void> => {
    for (;;) {
      const progress = await workflows.progress(id);
      tell(progress);
      if (progress.state !== 'running' && progress.state !== 'stopping') return;
      await sleep(tellEveryMs, undefined, { ref: false });
    }
  };
  return (id) => {
    if (followed.has(id)) return;
    followed.add(id);
    tellToTheEnd(id)
      .catch(() => undefined)
      .finally(() => followed.delete(id));
  };
}

function mustFit({ orders }: Selection, count: number): void {
  if (orders.length === count) return;
  throw new Failure('refused', `It is about ${orders.length} orders, not ${count}: look at the count again.`);
}

/** Named orders keep the order in which they were named. */
async function chosen(database: Sources['database'], { which }: BulkAsked): Promise<readonly BulkOrder[]> {
  if ('filter' in which) {
    const query = { filter: which.filter, sort: 'oldest', after: null, limit: mostInBulk + 1 } as const;
    return (await orderTable(database, query)).map(chosenOrder);
  }
  const lines = new Map((await orderLines(database, which.orderIds)).map((line) => [line.orderId, line]));
  return which.orderIds.flatMap((orderId) => {
    const line = lines.get(orderId);
    return line ? [chosenOrder(line)] : [];
  });
}

function keep(selections: Map<string, Selection>, selection: Selection): void {
  const [oldest] = selections.keys();
  if (selections.size >= mostSelections && oldest !== undefined) selections.delete(oldest);
  selections.set(selection.id, selection);
}
