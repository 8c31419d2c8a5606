import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Log } from '../../../broker-bridge/component.ts';
import type { Login, NameActor, Session } from '../api/api.ts';
import { Failure } from '../failure.ts';
import { actorName, readInput } from '../input.ts';
import { cookieNames, keepActor, keepPass, keptActor, type TokenAuth } from '../security/auth.ts';
import type { OwnAddresses } from '../security/origins.ts';

const login: z.ZodType<Login> = z.strictObject({ token: z.string().max(512) });
const named: z.ZodType<NameActor> = z.strictObject({ actor: actorName });

/** The session rests on these. */
export interface SessionParts {
  readonly auth: TokenAuth;
  /** Read with each request: the port is known only when the server listens. */
  readonly own: () => OwnAddresses;
  readonly workflowLinkBase: string | null;
  readonly log: Log;
}

/** The session: admitted or not, and the name of the actor. */
export function addSessionRoutes(server: FastifyInstance, parts: SessionParts): void {
  const { auth, own, log } = parts;
  server.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.url?.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  server.get('/api/session', (request, reply) => sessionOf(request, reply, parts));
  server.post('/api/session/login', (request, reply) => {
    if (!auth.isToken(readInput(login, request.body).token)) {
      log.warn({ from: request.ip }, 'a wrong token was given to the desk');
      throw new Failure('login-needed', 'That is not the token of this desk.');
    }
    keepPass(reply, auth.pass(), own().isSecure);
    return sessionOf(request, reply, parts, { isAdmitted: true });
  });
  server.post('/api/session/actor', (request, reply) => {
    const { actor } = readInput(named, request.body);
    keepActor(reply, actor, own().isSecure);
    return sessionOf(request, reply, parts, { actor });
  });
}

/** The session as it is now, or as this very answer makes it. */
function sessionOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { auth, workflowLinkBase }: SessionParts,
  made: { readonly isAdmitted?: boolean; readonly actor?: string } = {},
): Session {
  const kept = actorName.safeParse(keptActor(request));
  const isAdmitted = made.isAdmitted ?? auth.admits(request.cookies[cookieNames.pass]);
  return {
    csrfToken: reply.generateCsrf(),
    isLoginNeeded: !isAdmitted,
    actor: made.actor ?? (kept.success ? kept.data : null),
    workflowLinkBase: isAdmitted ? workflowLinkBase : null,
  };
}
