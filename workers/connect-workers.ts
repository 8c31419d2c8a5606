import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { TemporalAddress } from '../config/temporal.ts';
import { temporalLogger } from './log.ts';

/**
 * Connects as Temporal's workers need it. Only a process with such a worker loads this file: the SDK's core adds
 * a tenth to the CPU of a start, and looks for lines of its log ten times a second.
 */
export function connectWorkers(options: TemporalAddress['connectionOptions'], log: Logger): Promise<NativeConnection> {
  runtime ??= installed(log);
  return NativeConnection.connect(options);
}

/** One for the process, however often it connects. */
let runtime: Runtime | undefined;

const installed = (log: Logger): Runtime =>
  Runtime.install({
    logger: temporalLogger(log),
    // The SDK's core writes to the same log, instead of to the terminal in a form of its own.
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    shutdownSignals: [],
    // Temporal knows a worker's key only from its first heartbeat on, and a worker can stop in order only with its key
    // (graceful-stop.ts).
    workerHeartbeatInterval: '2s',
  });
