import { temporalActivity } from '../kit/activity-context.ts';
import type { StoredMessage } from '../../contracts/mediators/event-records.ts';
import type { RecoveredEvents } from '../../contracts/mediators/reconciler.ts';
import type { SqlRunner } from '../../prisma/statement.ts';
import { messageOfStarted, overdueCustomers, startedEvents, type StartedEvent } from './started-events.ts';

/** The workflows of queued events in Temporal. */
export interface EventFlows {
  /** The ids of the running ones. Visibility lists them, so they lag. Orders are left out. */
  running(): Promise<ReadonlySet<string>>;
  /** True when this one runs, for certain. */
  isRunning(workflowId: string): Promise<boolean>;
  /**
   * Starts this workflow anew from its message, also when an earlier one has ended. False when that message does not
   * lead to it.
   */
  start(workflowId: string, message: StoredMessage): Promise<boolean>;
}

/** The ports of the recovery of events. */
export interface RecoverEventsPorts {
  readonly database: SqlRunner;
  readonly flows: EventFlows;
  ring(customerId: string): Promise<void>;
}

/**
 * Finds delegated events whose workflow was lost before they were complete, and starts it again: processors give their
 * stored answers. A mediator's last write comes before its workflow's end, so the row is read once more after Temporal
 * was asked, and an event that has just ended is left alone. Then rings for the customers of whom an event could go on
 * for a while: their mediator was lost, or has not heard.
 */
export async function recoverEvents(ports: RecoverEventsPorts): Promise<RecoveredEvents> {
  const { log, heartbeat } = temporalActivity();
  const running = await ports.flows.running();
  const customers = await ringOverdue(ports, heartbeat);
  if (customers.length > 0) log.warn('customers whose events could go on were rung for', { count: customers.length });
  const events: string[] = [];
  const stuck: string[] = [];
  for await (const page of startedEvents(ports.database)) {
    heartbeat();
    for (const event of page.filter(({ workflowId }) => !running.has(workflowId))) {
      heartbeat();
      const came = await recoverEvent(event, ports);
      if (came === 'left') continue;
      (came === 'started' ? events : stuck).push(event.workflowId);
      if (came === 'started') log.warn('a queued event had no workflow; one was started', { ...event });
    }
  }
  if (stuck.length > 0) {
    const first = stuck.slice(0, 10);
    log.warn('queued events have no workflow, and their messages cannot be used to start one', {
      count: stuck.length,
      first,
    });
  }
  return { events, stuck, customers };
}

async function ringOverdue({ database, ring }: RecoverEventsPorts, heartbeat: () => void): Promise<readonly string[]> {
  const overdue = (await database.run(overdueCustomers())).map(({ customerId }) => customerId);
  for (const customerId of overdue) {
    await ring(customerId);
    heartbeat();
  }
  return overdue;
}

async function recoverEvent(
  event: StartedEvent,
  { database, flows }: RecoverEventsPorts,
): Promise<'left' | 'started' | 'stuck'> {
  if (await flows.isRunning(event.workflowId)) return 'left';
  const message = await messageOfStarted(database, event);
  if (message === undefined) return 'left';
  if (message === null) return 'stuck';
  return (await flows.start(event.workflowId, message)) ? 'started' : 'stuck';
}
