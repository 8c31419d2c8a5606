import { holdsCardNumber, withoutCardNumbers } from '../../contracts/reading/card-number.ts';
import type { Client } from '@temporalio/client';
import {
  repairStart,
  workflowProcessor,
  type DeadLetter,
  type RepairCaseStore,
  type RepairPolicy,
  type Returned,
} from '../../contracts/mediators/repair.ts';
import type { Log } from '../component.ts';
import type { Message } from '../nats/broker.ts';
import { answeredInTime } from '../waiting.ts';

/** Dead letters are written down as cases, whose workflows run at this Temporal. */
export interface DeadLetterPorts {
  readonly client: Client;
  readonly cases: RepairCaseStore;
  readonly policy: RepairPolicy;
  readonly log: Log;
}

/** Takes the messages that a consumer cannot process, in one hop, so that the consumer goes on. */
export type DeadLetters = ReturnType<typeof createDeadLetters>;

/** Sends dead letters to the workflow processor of this Temporal and this database. */
export function createDeadLetters({ client, cases, policy, log }: DeadLetterPorts) {
  return {
    /**
     * Resolves when the case is written down and its workflow started or notified. Safe to repeat. `isReturned`: the
     * message was resubmitted from this case. Rejects while PostgreSQL or Temporal is away: the message must not be
     * acknowledged then.
     */
    async send(given: DeadLetter, isReturned: boolean): Promise<void> {
      const event = storableEvent(given);
      const { caseId, reason, message, consumer, streamSequence, customerId } = event;
      const opened = await cases.openCase(event, isReturned);
      const start = repairStart({ caseId, policy }, customerId);
      if (isReturned) {
        const signal = {
          signal: workflowProcessor.returnedSignal,
          signalArgs: [{ reason: message } satisfies Returned],
        };
        await answeredInTime(client, () =>
          client.workflow.signalWithStart(workflowProcessor.workflowType, { ...start, ...signal }),
        );
      } else {
        await answeredInTime(client, () => client.workflow.start(workflowProcessor.workflowType, start));
      }
      log.info({ caseId, consumer, streamSequence, reason, opened }, 'A dead letter was sent');
    },
    /** Notifies the case that its resubmitted message was accepted. Safe to repeat. */
    async accepted(caseId: string): Promise<void> {
      const signal = { signal: workflowProcessor.acceptedSignal, signalArgs: [] };
      const start = repairStart({ caseId, policy }, null);
      await answeredInTime(client, () =>
        client.workflow.signalWithStart(workflowProcessor.workflowType, { ...start, ...signal }),
      );
    },
  };
}

/** PostgreSQL can store any message in this form. One that it could not store would be delivered again for ever. */
const storableEvent = (event: DeadLetter): DeadLetter => ({
  ...event,
  subject: storable(event.subject),
  headers: storableHeaders(event.headers),
  message: storable(event.message),
  body: withoutCards(event.body),
});

/** The bytes of a message without card numbers: it may have one where a token belongs, and no number is kept. */
export function withoutCards(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString('latin1'); // each byte is a character, whatever the encoding
  return holdsCardNumber(text) ? Buffer.from(withoutCardNumbers(text), 'latin1') : body;
}

/** Headers without NUL characters. */
export const storableHeaders = (headers: Message['headers']): Message['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [storable(name), storable(value)]));

/** Text without NUL characters, which PostgreSQL cannot store. */
export const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');
