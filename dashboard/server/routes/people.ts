import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { returnActions } from '../../../contracts/mediators/returns-mediator.ts';
import { Failure } from '../failure.ts';
import { actorOf, cursor, lookedFor, paramOf, read, updateIdIn } from '../input.ts';
import type { Shop } from '../ports.ts';
import { parseReturnAction } from '../../../contracts/schemas/actions.ts';

const mails = z.strictObject({
  q: lookedFor(64).exactOptional(),
  cursor: cursor.exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const returns = z.strictObject({ waiting: z.enum(['true', 'false']).default('false') });

/** The flow's picture, mails, and returns that wait for people. */
export function addPeopleRoutes(server: FastifyInstance, { people, flow }: Pick<Shop, 'people' | 'flow'>): void {
  server.get('/api/flow', () => flow());
  server.get('/api/mails', (request) => people.mails(read(mails, request.query)));
  server.get('/api/mails/:requestId', (request) => people.mail(paramOf(request, 'requestId')));
  server.get('/api/returns', (request) => people.returns(read(returns, request.query).waiting === 'true'));
  for (const name of returnActions) {
    server.post(`/api/returns/:requestId/${name}`, (request) => {
      const { updateId, content } = updateIdIn(request.body);
      const parsed = parseReturnAction(name, { ...content, actor: actorOf(request) });
      if (parsed.ok) return people.actOnReturn(paramOf(request, 'requestId'), name, parsed.action, updateId);
      throw new Failure('bad-input', 'The action cannot be done as it is.', { problems: parsed.problems });
    });
  }
}
