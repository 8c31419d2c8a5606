import type { Client } from '@temporalio/client';

/** The workflow task of an order that waited longest, from when it was first scheduled until the start that came to its end. */
export interface TaskWait {
  readonly workflowId: string;
  readonly ms: number;
  /** Workers, or their sticky queues, that had the task and lost it. */
  readonly lostBy: readonly string[];
}

const none = { scheduled: 0, started: 0, holder: '', lostBy: [] as readonly string[] };

/** Reads it from the workflow's history. */
export async function longestTaskWait(client: Client, workflowId: string): Promise<TaskWait> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  let longest: TaskWait = { workflowId, ms: 0, lostBy: [] };
  let task = none;
  for (const event of events ?? []) {
    const at = Number(event.eventTime?.seconds ?? 0) * 1_000 + (event.eventTime?.nanos ?? 0) / 1_000_000;
    const { workflowTaskScheduledEventAttributes: scheduled, workflowTaskStartedEventAttributes: started } = event;
    if (scheduled) task = { ...task, scheduled: task.scheduled || at, holder: scheduled.taskQueue?.name ?? '' };
    if (started) task = { ...task, started: at, holder: started.identity ?? '' };
    if (event.workflowTaskTimedOutEventAttributes) task = { ...task, lostBy: [...task.lostBy, task.holder] };
    if (!event.workflowTaskCompletedEventAttributes) continue;
    const ms = Math.round(task.started - task.scheduled);
    if (ms > longest.ms) longest = { workflowId, ms, lostBy: task.lostBy };
    task = none;
  }
  return longest;
}
