import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { caseStates, largestRepairable } from '../../../contracts/mediators/repair.ts';
import { oneLine } from '../../../contracts/schemas/order-fields.ts';
import type { EditedMessage } from '../../../contracts/mediators/case-actions.ts';
import type { CheckedMessage, DiscardCase, ResubmitCase } from '../api/cases.ts';
import { Failure } from '../failure.ts';
import { actorOf, cursor, paramOf, readInput } from '../input.ts';
import type { Cases } from '../ports.ts';

const query = z.strictObject({
  state: z.enum(['open', 'all', ...caseStates]).default('open'),
  after: cursor.exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
const seen = z.int().min(0).exactOptional();
const editedMessage = { body: z.string(), headers: z.record(z.string(), z.string()).exactOptional() };
const edited: z.ZodType<EditedMessage> = z.strictObject(editedMessage);
const resubmitted: z.ZodType<ResubmitCase> = z.strictObject({ ...editedMessage, seen });
const discarded: z.ZodType<DiscardCase> = z.strictObject({ reason: oneLine(200), seen });
const nothing = z.strictObject({});

/** A message of 64 KiB as JSON text: quotes and line ends take two characters, the rest of the escapes are rare. */
const withMessage = { bodyLimit: 3 * largestRepairable };

/** The list of cases, one case with its message, and the actions on it. */
export function addCaseRoutes(server: FastifyInstance, cases: Cases): void {
  server.get('/api/cases', (request) => cases.page(readInput(query, request.query)));
  server.get('/api/cases/:id', (request) => cases.one(paramOf(request, 'id')));
  server.post('/api/cases/:id/check', withMessage, (request) =>
    checked(cases, paramOf(request, 'id'), fitting(readInput(edited, request.body))),
  );
  server.post('/api/cases/:id/resubmit', withMessage, (request) => {
    const action = { actor: actorOf(request), ...fitting(readInput(resubmitted, request.body)) };
    return cases.act(paramOf(request, 'id'), 'resubmit', action);
  });
  server.post('/api/cases/:id/discard', (request) => {
    const action = { actor: actorOf(request), ...readInput(discarded, request.body) };
    return cases.act(paramOf(request, 'id'), 'discard', action);
  });
  server.post('/api/cases/:id/take', (request) => {
    readInput(nothing, request.body);
    return cases.act(paramOf(request, 'id'), 'take', { actor: actorOf(request) });
  });
}

const checked = async (cases: Cases, caseId: string, message: EditedMessage): Promise<CheckedMessage> => ({
  problems: await cases.check(caseId, message),
});

function fitting<Edited extends EditedMessage>(edit: Edited): Edited {
  if (Buffer.byteLength(edit.body) <= largestRepairable) return edit;
  throw new Failure('too-large', 'The message is larger than 64 KiB, the most that can be sent on.');
}
