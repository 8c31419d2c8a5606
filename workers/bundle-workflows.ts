import { pino } from 'pino';
import { workflowCode } from './workflow-code.ts';

/** Runs in set-up: bundles the workflows once, before the workers of several processes would do it at the same time. */
await workflowCode(pino({ level: 'warn' }));
