import type { CaseStep, StoredCase } from '../../contracts/mediators/repair-steps.ts';
import { largestRepairable, restoreCheck, type CaseReason } from '../../contracts/mediators/repair.ts';
import { audited, hashOfBytes } from './audit.ts';
import { readCase, repairable, storedCase, type ValidateMessage } from './case.ts';
import { subjectOf } from './corrections.ts';
import { publish, type ResubmitPorts } from './resubmit.ts';
import { applyRules } from './rules/apply-rules.ts';
import type { CaseMessage, Proposal } from './statements.ts';

/** The ports of the workflow processor. */
export interface WorkflowProcessorPorts extends ResubmitPorts {
  readonly validate: ValidateMessage;
}

/**
 * Reads the state of the case. A case that is in repair is tried with the rules: when they have put the message right
 * it is resubmitted, else the case waits for a person.
 */
export async function processCase(ports: WorkflowProcessorPorts, step: CaseStep): Promise<StoredCase> {
  const { store, validate } = ports;
  const of = await readCase(ports, step.caseId);
  if (of.state !== 'repairing') return storedCase(of);
  const { proposal, isRepaired } = examine(of, validate);
  const details = {
    rules: proposal.rules,
    from: hashOfBytes(repairable(of).bytes),
    to: hashOfBytes(proposal.body),
    fields: proposal.problems.map(({ field }) => field).slice(0, 20),
  };
  if (!isRepaired) {
    const waits = await store.wait(proposal, audited(step, 'waiting', null, details));
    return waits ? storedCase(waits) : processCase(ports, step);
  }
  const goes = await store.resubmit(proposal, 'rules', audited(step, 'rules-applied', null, details));
  // A stream that is away fails this attempt: the next one finds the case resubmitted, and a step of its own sends it.
  const came = goes && (await publish(ports, goes, { ...step, stepId: `${step.stepId}/sent` }));
  return goes && came === 'sent' ? storedCase(goes, true) : processCase(ports, step);
}

/** A message that rules have repaired so often, and that failed each time, needs a person. */
const mostResubmissions = 3;

/** Reasons that need a person: another event may be meant under the same id, or a mediator said no. */
const byHandOnly: ReadonlySet<CaseReason> = new Set(['too-large', 'id-used-twice', 'refused', 'advisory']);

/** Tries the rules on the case's message. It is repaired when they changed it and it has no problem any more. */
function examine(
  of: CaseMessage,
  validate: ValidateMessage,
): { readonly proposal: Proposal; readonly isRepaired: boolean } {
  const before = repairable(of);
  if (before.bytes.byteLength > largestRepairable || of.consumer === restoreCheck) {
    return { proposal: { body: before.bytes, problems: of.problems, rules: [] }, isRepaired: false };
  }
  const { message, applied } = applyRules(before);
  const found = validate({ of: message.of, subject: subjectOf(of), headers: message.headers, data: message.bytes });
  const problems = found.length > 0 ? found : applied.length > 0 ? [] : of.problems;
  const mayGo = applied.length > 0 && of.resubmissions < mostResubmissions && !byHandOnly.has(of.reason);
  return { proposal: { body: message.bytes, problems, rules: applied }, isRepaired: mayGo && found.length === 0 };
}
