import type { Client } from '@temporalio/client';
import {
  repairStart,
  workflowProcessor,
  type DeadLetter,
  type RepairCaseStore,
  type RepairPolicy,
  type Returned,
} from '../../contracts/mediators/repair.ts';
import { keepable, keepableHeaders } from './storable.ts';
import type { Log } from '../component.ts';

/** What handing over stands on. */
export interface DeadLetterPorts {
  readonly client: Client;
  readonly cases: RepairCaseStore;
  readonly policy: RepairPolicy;
  readonly log: Log;
}

/** How a consumer hands over what it cannot process, in one hop, and goes on. */
export interface DeadLetters {
  /**
   * Resolves when the event is durably with the workflow processor: its case written down, the workflow of the case started or told. Safe to
   * repeat. `isReturned`: it was resubmitted from this very case. Rejects while PostgreSQL or Temporal is away: the message must not be acknowledged.
   */
  send(event: DeadLetter, isReturned: boolean): Promise<void>;
  /** The event that was resubmitted from this case was taken. Safe to repeat. */
  accepted(caseId: string): Promise<void>;
}

/** Temporal has answered by then, or is away. */
const answerWithinMs = 10_000;

/** Hands over to the workflow processor of this Temporal and this database. */
export function createDeadLetters({ client, cases, policy, log }: DeadLetterPorts): DeadLetters {
  const within = <Answer>(ask: () => Promise<Answer>) => client.withDeadline(Date.now() + answerWithinMs, ask);
  return {
    async send(given, isReturned) {
      const event = keepableEvent(given);
      const { caseId, reason, message, consumer, streamSequence, customerId } = event;
      const opened = await cases.openCase(event, isReturned);
      const start = repairStart({ caseId, policy }, customerId);
      if (isReturned) {
        const signal = {
          signal: workflowProcessor.returnedSignal,
          signalArgs: [{ reason: message } satisfies Returned],
        };
        await within(() => client.workflow.signalWithStart(workflowProcessor.workflowType, { ...start, ...signal }));
      } else {
        await within(() => client.workflow.start(workflowProcessor.workflowType, start));
      }
      log.info({ caseId, consumer, streamSequence, reason, opened }, 'An erroneous event was handed over');
    },
    async accepted(caseId) {
      const signal = { signal: workflowProcessor.acceptedSignal, signalArgs: [] };
      const start = repairStart({ caseId, policy }, null);
      await within(() => client.workflow.signalWithStart(workflowProcessor.workflowType, { ...start, ...signal }));
    },
  };
}

/** Whatever a consumer met: a message that could not be written down would come again for ever. */
const keepableEvent = (event: DeadLetter): DeadLetter => ({
  ...event,
  subject: keepable(event.subject),
  headers: keepableHeaders(event.headers),
  message: keepable(event.message),
});
