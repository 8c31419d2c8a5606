import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { returnActions } from '../../../contracts/mediators/returns-mediator.ts';
import { Failure } from '../failure.ts';
import { actorOf, cursor, lookedFor, paramOf, readInput, updateIdIn } from '../input.ts';
import type { Shop } from '../ports.ts';
import { parseReturnAction } from '../../../contracts/schemas/actions.ts';

const mailQuery = z.strictObject({
  q: lookedFor(64).exactOptional(),
  cursor: cursor.exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const returnQuery = z.strictObject({ waiting: z.enum(['true', 'false']).default('false') });

/** The flow, mails, and returns. */
export function addPeopleRoutes(
  server: FastifyInstance,
  { mails, returns, flow }: Pick<Shop, 'mails' | 'returns' | 'flow'>,
): void {
  server.get('/api/flow', () => flow());
  server.get('/api/mails', (request) => mails.page(readInput(mailQuery, request.query)));
  server.get('/api/mails/:requestId', (request) => mails.one(paramOf(request, 'requestId')));
  server.get('/api/returns', (request) => returns.list(readInput(returnQuery, request.query).waiting === 'true'));
  for (const name of returnActions) {
    server.post(`/api/returns/:requestId/${name}`, (request) => {
      const { updateId, content } = updateIdIn(request.body);
      const parsed = parseReturnAction(name, { ...content, actor: actorOf(request) });
      if (parsed.ok) return returns.act(paramOf(request, 'requestId'), name, parsed.action, updateId);
      throw new Failure('bad-input', 'The action cannot be done as it is.', { problems: parsed.problems });
    });
  }
}
