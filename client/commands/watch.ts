import type { Command } from 'commander';
import { orderIdArgument } from '../options/arguments.ts';
import { changesBetween, nothingYet, type Change, type Known } from '../../app/order-changes.ts';
import { printJson, type Context, type JsonOption } from '../context.ts';
import type { OrderRecord } from '../../app/reads/orders.ts';

/** `watch`: follows an order until it ends. */
export function addWatch(program: Command, context: Context): void {
  program
    .command('watch')
    .description('follow an order live until it ends')
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--json', 'print one JSON object per change')
    .action((orderId: string, options: JsonOption) => watchOrder(orderId, options, context));
}

async function watchOrder(orderId: string, { json }: JsonOption, context: Context): Promise<void> {
  const [{ withSources }, { keptOrder }, { hasEnded }, { changeLine }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/orders.ts'),
    import('../../app/order-view.ts'),
    import('../print/order-lines.ts'),
  ]);
  const tell = (change: Change) =>
    json ? printJson(context, changeObject(orderId, change)) : context.print(changeLine(change, context.style));
  const telling = tellOnce(tell);
  await withSources(context.env, async ({ database, client }) => {
    const kept = await keptOrder(database, orderId);
    if (!hasEnded(kept)) await follow(client, kept, telling, context);
    // The mediator store has the last word, also about the time in which no mediator answered.
    if (!context.interrupted.aborted) telling(knownOf(await keptOrder(database, orderId)));
  });
}

const knownOf = ({ state, reason, holds, steps }: OrderRecord): Known => ({ state, reason, holds, steps: steps ?? [] });

/** Tells each change once. */
function tellOnce(tell: (change: Change) => void): (now: Known) => void {
  let before = nothingYet;
  return (now) => {
    if (now.steps.length < before.steps.length) return; // an open order's row has no steps
    for (const change of changesBetween(before, now)) tell(change);
    before = now;
  };
}

async function follow(
  client: import('@temporalio/client').Client,
  { workflowId, orderId }: OrderRecord,
  telling: (now: Known) => void,
  context: Context,
): Promise<void> {
  const [{ followOrder }, { AppError }] = await Promise.all([
    import('../../app/progress.ts'),
    import('../../app/app-error.ts'),
  ]);
  let wasSilent = false;
  for await (const asked of followOrder({ client, workflowId, interrupted: context.interrupted })) {
    if (asked.answer === 'progress') telling(asked.progress);
    if (asked.answer === 'silent' && !wasSilent) context.note(`Waiting: ${asked.why}.`);
    if (asked.answer === 'unknown') {
      throw new AppError(
        'not-found',
        `Temporal does not have the flow of ${orderId} at the moment; the reconciler carries the order on: watch it again in a minute.`,
      );
    }
    wasSilent = asked.answer === 'silent';
  }
}

/** A change as one flat JSON object. */
function changeObject(orderId: string, change: Change): object {
  if (change.change === 'state') return { orderId, ...change };
  return 'hold' in change
    ? { orderId, change: change.change, ...change.hold }
    : { orderId, change: change.change, ...change.record };
}
