import { pino, type Logger } from 'pino';
import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/worker';
import type { Config } from '../config/config.ts';
import { legibleJson } from '../contracts/reading/legible.ts';

/**
 * JSON lines on stdout, one per event, in which what hides or reorders text is escaped. Payloads are never logged, so
 * no secret gets in.
 */
export const openLog = ({ logLevel }: Pick<Config, 'logLevel'>): Logger =>
  pino({
    level: logLevel,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: legibleJson },
  });

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The SDK's metadata that is logged: enough to find the order, the command and the attempt. */
const kept = [
  'workflowId',
  'activityType',
  'attempt',
  'taskQueue',
  'orderId',
  'requestId',
  'error',
  'refusal',
  'sdkComponent',
];

/** Temporal's own messages, and those that activities log through their context, in the same form. */
export function temporalLogger(log: Logger): TemporalLogger {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}) => {
    if (!log.isLevelEnabled(levels[level])) return;
    log[levels[level]](
      Object.fromEntries(kept.flatMap((key) => (key in meta ? [[key, readable(meta[key])]] : []))),
      message,
    );
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

const readable = (value: unknown): unknown => (value instanceof Error ? (value.stack ?? value.message) : value);
