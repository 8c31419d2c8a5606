import { ApplicationFailure } from '@temporalio/common';
import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import type { StoredCase } from '../../contracts/mediators/repair-steps.ts';
import { headersOf, listenerOf, messageName } from './corrections.ts';
import { readMessage, type RepairableMessage } from './rules/rule.ts';
import type { CaseMessage } from './statements.ts';
import type { RepairStore } from './store.ts';

/** The case of an id. Fails for good when there is none. */
export async function readCase({ store }: { readonly store: Pick<RepairStore, 'read'> }, caseId: string) {
  const of = await store.read(caseId);
  if (!of) throw ApplicationFailure.nonRetryable(`There is no repair case ${caseId}.`, 'UnknownCase');
  return of;
}

/** The part of a case that its message follows from. */
export interface MessageOfCase extends Pick<
  CaseMessage,
  'caseId' | 'consumer' | 'subject' | 'headers' | 'correctedHeaders' | 'resubmissions'
> {
  readonly body: Uint8Array | null;
  readonly proposal: Uint8Array | null;
}

/** The case's message as it is now: the one that came back last, or the rules' result, or the original. */
export const repairable = (of: MessageOfCase): RepairableMessage =>
  readMessage({
    of: listenerOf(of.consumer) === undefined ? 'customer-event' : 'fact',
    kind: messageName(of),
    caseId: of.caseId,
    headers: headersOf(of),
    bytes: of.proposal ?? of.body ?? new Uint8Array(),
  });

/** The problems that a message's consumer would find in it; none when it would be accepted. They never quote it. */
export type ValidateMessage = (
  message: Pick<RepairableMessage, 'of' | 'headers'> & { readonly subject: string; readonly data: Uint8Array },
) => readonly CaseProblem[];

/** True for a resubmitted case that a person may act on, because no result of its message was reported. */
export const isOverdue = ({ state, waitingSince }: CaseMessage): boolean =>
  state === 'resubmitted' && waitingSince !== null;

const mostProblems = 10;

/** The case without its message, as its workflow keeps it. */
export const storedCase = (of: CaseMessage, isSent = false): StoredCase => ({
  next: of.state === 'resubmitted' ? 'resubmit' : of.state === 'waiting' ? 'desk' : 'closed',
  state: of.state,
  reason: of.reason,
  message: of.message,
  consumer: of.consumer,
  subject: of.subject,
  customerId: of.customerId,
  owner: of.owner,
  problems: of.problems.slice(0, mostProblems),
  rules: of.rules,
  resubmissions: of.resubmissions,
  waitingSince: of.waitingSince,
  isSent,
});
