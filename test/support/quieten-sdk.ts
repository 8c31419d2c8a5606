import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';

let quiet = false;

/** What tests do on purpose: processors that fail, requests that are refused, and workers of processors, which have no workflows. */
const unremarkable = new Set([
  'Activity failed',
  'Workflow failed',
  'No workflows registered, not polling for workflow tasks',
]);

/** The core warns once per worker of what the test server cannot do; of workflow tasks that fail it must go on warning. */
const filter = 'warn,temporalio_sdk_core::worker=error,temporalio_sdk_core::worker::workflow=warn';

/** Workers in the test's own process would tell their whole lives. To be called before the first of them. */
export function quietenTheSdk(): void {
  if (!quiet) {
    const telemetryOptions = { logging: { filter } };
    Runtime.install({ logger: new DefaultLogger('WARN', tell), telemetryOptions });
  }
  quiet = true;
}

function tell({ level, message, meta }: LogEntry): void {
  if (unremarkable.has(message)) return;
  process.stderr.write(`[${level}] ${message} ${String(meta?.['error'] ?? '')}\n`);
}
