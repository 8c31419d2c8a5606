import { z } from 'zod';
import { correctable, headersOf } from '../../../activities/repair/corrections.ts';
import { problemsOfDraft } from '../../../activities/repair/resubmission.ts';
import type { ValidateMessage } from '../../../activities/repair/case.ts';
import { actOnCase, keptCase } from '../../../app/act-on-case.ts';
import type { Sources } from '../../../app/sources.ts';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import { caseActionsPossible, type EditedMessage } from '../../../contracts/mediators/case-actions.ts';
import { readEventJson } from '../../../contracts/schemas/read-json.ts';
import { listCases, type RepairCaseDetails, countOpenCases } from '../../../app/reads/cases.ts';
import type { ApiProblem } from '../api/api.ts';
import type { CaseView } from '../api/cases.ts';
import { fromCursor, microsecondInstant, pageOf, lookedFor } from '../input.ts';
import { Failure } from '../failure.ts';
import type { Cases } from '../ports.ts';
import { textOf } from './message-text.ts';

const caseDeadlineMs = 10_000;

const casePlace = z.strictObject({ openedAt: microsecondInstant, caseId: lookedFor(300) });

/** The repair cases, and the actions on them. */
export const createCases = (sources: Sources, validate: ValidateMessage): Cases => ({
  async page({ state, after, limit }) {
    const [found, open] = await Promise.all([
      listCases(sources.database, {
        state: state === 'all' ? undefined : state,
        limit: limit + 1,
        after: after === undefined ? undefined : fromCursor(casePlace, after),
      }),
      countOpenCases(sources.database),
    ]);
    const { rows: cases, next } = pageOf(found, limit, ({ openedAt, caseId }) => ({ openedAt, caseId }));
    return { cases, next, open };
  },
  one: async (caseId) => caseView(await keptCase(sources, caseId)),
  check: async (caseId, edited) => draftProblems(await keptCase(sources, caseId), edited, validate),
  async act(caseId, name, action) {
    const taken = await actOnCase({ sources, caseId, name, action, deadlineMs: caseDeadlineMs });
    if (taken.ok) return { caseId: taken.caseId, state: taken.state };
    throw new Failure('bad-input', 'The message does not fit its schema yet; nothing was sent.', {
      problems: taken.problems,
    });
  },
});

/** The only place where a message leaves the server. */
function caseView(of: RepairCaseDetails): CaseView {
  const { body, audit, streamSequence: _, correctedHeaders: __, ...row } = of;
  const original = body && textOf(body);
  const proposal = of.proposal && textOf(of.proposal);
  return {
    ...row,
    workflowId: repairWorkflowId(of.caseId),
    headers: headersOf(of),
    correctable: correctable(of),
    original,
    proposal,
    possible: caseActionsPossible(of),
    history: audit.map(({ step, actor, details, at }) => ({ step, actor, details, at })),
  };
}

/** Checks a message as its consumer would read it, with the headers that a resubmission would give it. */
function draftProblems(
  of: RepairCaseDetails,
  { body, headers }: EditedMessage,
  validate: ValidateMessage,
): readonly ApiProblem[] {
  const data = Buffer.from(body);
  const read = readEventJson(data);
  return read.ok ? problemsOfDraft(of, { data, headers }, validate) : [{ field: 'the message', message: read.message }];
}
