import { pino } from 'pino';
import { workflowCode } from './workflow-code.ts';

/** For the set-up: puts the workflows together, before the workers of several processes would do it at the same time. */
await workflowCode(pino({ level: 'warn' }));
