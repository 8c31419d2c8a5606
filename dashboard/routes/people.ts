import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { returnActions } from '../../contracts/returns-mediator.ts';
import { parseReturnAction } from '../../contracts/schemas/return-actions.ts';
import { Failure } from '../failure.ts';
import { actorOf, paramOf, read } from '../input.ts';
import type { Shop } from '../ports.ts';

const mails = z.strictObject({
  q: z.string().max(64).exactOptional(),
  cursor: z.string().max(300).exactOptional(),
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
      const parsed = parseReturnAction(name, { ...(request.body as object), actor: actorOf(request) });
      if (parsed.ok) return people.actOnReturn(paramOf(request, 'requestId'), name, parsed.action);
      throw new Failure('bad-input', 'The action cannot be done as it is.', { problems: parsed.problems });
    });
  }
}
