import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { channels } from '../../contracts/channels.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { fakeLedger, type FakeLedger } from './clockwork/fake-records.ts';
import { fakeProcessors, type FakeProcessors } from './clockwork/fake-processors.ts';
import { runWorkers } from './clockwork/workers.ts';
import { endAll } from './rig/end-all.ts';
import { quietenTheSdk } from './quieten-sdk.ts';
import { replayWorkflows } from './replay-everything.ts';

/**
 * A server whose clock a test moves, the real workflows on it, and processors and records in memory. The clock goes on as clocks do, and jumps only
 * with `env.sleep`. Waiting for a result through `env.client` jumps too, but past everything: when nothing is left to wait for, ten years.
 */
export interface Clockwork {
  readonly client: Client;
  /** `sleep` lets that much time pass: timers that are due on the way fire, at their instants. `currentTimeMs` tells the time. */
  readonly env: TestWorkflowEnvironment;
  readonly namespace: string;
  readonly processors: FakeProcessors;
  readonly records: FakeLedger;
  /** Replays every workflow that `client` started, then ends everything. */
  close(): Promise<void>;
}

const namespace = 'default';

/** Starts the server that `describeToTheMinute` hands over, and workers; to be closed in `afterAll`. One scenario at a time: the clock is everybody's. */
export async function openClockwork(serverPath: string): Promise<Clockwork> {
  quietenTheSdk();
  const executable = { type: 'existing-path', path: serverPath } as const;
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  try {
    await registerSearchAttributes(env);
    const now = () => env.currentTimeMs();
    const [processors, records] = [fakeProcessors(now), fakeLedger(now)];
    const activities = { ...processors.activitiesByChannel, [channels.orderMediator]: { ...records.activities } };
    const endWorkers = await runWorkers(env, activities);
    const started = new Set<string>();
    const interceptors = { workflow: [noting(started)] };
    const client = new Client({ connection: env.connection, namespace, interceptors });
    const close = () => endAll([() => replayWorkflows(client, started), endWorkers, () => env.teardown()]);
    return { client, env, namespace, processors, records, close };
  } catch (error) {
    await env.teardown();
    throw error;
  }
}

/** Notes the ids of workflows that are started; this server cannot list them. */
const noting = (workflowIds: Set<string>): WorkflowClientInterceptor => ({
  startWithDetails(input, next) {
    workflowIds.add(input.options.workflowId);
    return next(input);
  },
  startUpdateWithStart(input, next) {
    workflowIds.add(input.workflowStartOptions.workflowId);
    return next(input);
  },
});

/** As the server's API numbers them. */
const indexedValueTypes = { Keyword: 2, KeywordList: 7 } as const;

async function registerSearchAttributes({ connection }: TestWorkflowEnvironment): Promise<void> {
  const types = Object.entries(searchAttributes).map(([name, type]) => [name, indexedValueTypes[type]]);
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
}
