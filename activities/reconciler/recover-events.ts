import { Context } from '@temporalio/activity';
import type { RecoveredEvents } from '../../contracts/mediators/reconciler.ts';
import type { StartedEvent, StartedEventStore, StoredMessage } from './started-events.ts';

/** The workflows of queued events, as Temporal knows them. */
export interface EventFlows {
  /** The ids of those that run, as visibility lists them: it lags. Orders are left out. */
  running(): Promise<ReadonlySet<string>>;
  /** Whether this one runs, for certain. */
  isRunning(workflowId: string): Promise<boolean>;
  /** Starts this workflow anew from its message, also when an earlier one has ended. False when that message does not lead to it. */
  start(workflowId: string, message: StoredMessage): Promise<boolean>;
}

export interface RecoverEventsPorts {
  readonly started: StartedEventStore;
  readonly flows: EventFlows;
}

/**
 * Finds queued events whose flow was started and whose workflow is gone before they were complete, and starts it again: processors give their stored answers.
 * A mediator's last write comes before its workflow's end; the row is read once more after Temporal was asked, so that one that has just ended
 * is left alone.
 */
export async function recoverEvents({ started, flows }: RecoverEventsPorts): Promise<RecoveredEvents> {
  const { log, heartbeat } = Context.current();
  const running = await flows.running();
  const events: string[] = [];
  const stuck: string[] = [];
  for await (const page of started.pages()) {
    heartbeat();
    for (const event of page.filter(({ workflowId }) => !running.has(workflowId))) {
      heartbeat();
      const came = await carryOn(event, { started, flows });
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
  return { events, stuck };
}

async function carryOn(
  event: StartedEvent,
  { started, flows }: RecoverEventsPorts,
): Promise<'left' | 'started' | 'stuck'> {
  if (await flows.isRunning(event.workflowId)) return 'left';
  const found = await started.find(event);
  if (!found) return 'left';
  if (!found.message) return 'stuck';
  return (await flows.start(event.workflowId, found.message)) ? 'started' : 'stuck';
}
