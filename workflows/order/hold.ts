import { msToNumber } from '@temporalio/common/lib/time.js';
import {
  expiryOf,
  heldFor,
  helpWith,
  helpWithSkippable,
  skippable,
  type HoldReason,
} from '../../contracts/mediators/holds.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { Failure } from '../kit/call.ts';
import { waitWithReminders } from '../kit/reminders.ts';
import { takeCarriedHold } from './recovered-holds.ts';
import type { CommandCall } from './carry-out.ts';
import type { Release } from './holds.ts';
import { resume } from './resume.ts';
import { orderWhatIsMissing, tellOfHold } from './notices.ts';
import type { Order } from './order.ts';
import { recordHold, recordResumed } from './records.ts';
import type { CommandName } from '../../contracts/command-routes.ts';

/** It is more than the shop lets pass without looking. */
export interface ApprovalWanted {
  readonly kind: 'approval';
  readonly message: string;
}

/** Why a command cannot be done now. */
interface Held<Name extends CommandName> {
  readonly errand: Pick<CommandCall<Name>, 'name' | 'step'>;
  readonly trouble: Failure | ApprovalWanted;
  readonly reason: PeoplesHold;
  readonly requestId: string;
}

type PeoplesHold = Exclude<HoldReason, 'compensation'>;

/** The reason to hold the order for; undefined when the failure is a refusal that nobody can put right. */
export const holdReasonOf = (failure: Failure): PeoplesHold | undefined =>
  failure.kind === 'fault' ? 'fault' : (heldFor[failure.type] as PeoplesHold | undefined);

/**
 * Holds the order at a command until somebody helps, and says how it goes on. The customer is told, and reminded. When nobody
 * helps before the deadline the order is undone; so it is when somebody cancels it: then `OrderEnds` is thrown.
 */
export async function waitForHelp<Name extends CommandName>(order: Order, held: Held<Name>): Promise<Release> {
  order.cancellation.check();
  const carried = takeCarriedHold(order, held.requestId, held.reason);
  const hold = carried ?? newHold(order, held);
  const { background, holds } = order;
  holds.add(hold);
  heedWhatWasTold(order, hold);
  await recordHold(order, hold);
  order.cancellation.check();
  const told = { ...held, hold };
  if (!carried) background.start(() => tellOfHold(order, told, 'held'));
  background.start(() => orderWhatIsMissing(order, told, 1));
  const release = await untilReleased(order, hold, (number) => {
    background.start(() => tellOfHold(order, told, 'reminder', number));
    background.start(() => orderWhatIsMissing(order, told, number + 1));
  });
  holds.remove(hold);
  await recordResumed(order, hold, release.by);
  return release;
}

/** Inventory may have told that everything is put aside before the order waited for it. */
function heedWhatWasTold(order: Order, hold: OpenHold): void {
  if (hold.reason !== 'stock' || !order.wasToldOfStock) return;
  order.wasToldOfStock = false;
  resume(order, hold, { how: 'again', by: 'delivery' });
}

function newHold<Name extends CommandName>(order: Order, { errand, trouble, reason, requestId }: Held<Name>): OpenHold {
  const since = Date.now();
  const deadline = since + msToNumber(order.policy.holds[reason].deadline);
  return {
    holdId: `${requestId}@${iso(since)}`,
    reason,
    step: errand.step ?? order.progress.progress.step,
    command: errand.name,
    message: trouble.message,
    help: reason === 'fault' && skippable.includes(errand.name) ? helpWithSkippable : helpWith[reason],
    since: iso(since),
    deadline: iso(deadline),
  };
}

async function untilReleased(order: Order, hold: OpenHold, remind: (number: number) => void): Promise<Release> {
  const { cancellation: verdict, holds, policy } = order;
  const isOver = () => holds.releaseOf(hold) !== undefined || verdict.reason !== undefined;
  const { since, deadline } = hold;
  const { reminders } = policy.holds[hold.reason as PeoplesHold];
  await waitWithReminders({ isOver, since, deadline, reminders, missed: 'skip', remind });
  const release = holds.releaseOf(hold) ?? atDeadline(order, hold);
  verdict.check();
  return release;
}

/** Nobody helped in time: what may be skipped is left out, anything else undoes the order. */
function atDeadline({ cancellation: verdict }: Order, { command, reason }: OpenHold): Release {
  if (skippable.includes(command)) return { how: 'skip', by: 'deadline' };
  verdict.decide(expiryOf[reason as PeoplesHold]);
  return { how: 'again', by: 'deadline' };
}

const iso = (ms: number): string => new Date(ms).toISOString();
