import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Login, NameActor, Session } from '../api/api.ts';
import { Failure } from '../failure.ts';
import { actorName, read } from '../input.ts';
import { cookieNames, keepActor, keepPass, keptActor } from '../security/cookies.ts';
import type { DeskParts } from '../server.ts';

const login: z.ZodType<Login> = z.strictObject({ token: z.string().max(512) });
const named: z.ZodType<NameActor> = z.strictObject({ actor: actorName });

/** Who looks, and whether they may. */
export function addSessionRoutes(server: FastifyInstance, parts: DeskParts): void {
  const { gate, own, log } = parts;
  server.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.url?.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  server.get('/api/session', (request, reply) => sessionOf(request, reply, parts));
  server.post('/api/session/login', (request, reply) => {
    if (!gate.opensWith(read(login, request.body).token)) {
      log.warn({ from: request.ip }, 'a wrong token was given to the desk');
      throw new Failure('login-needed', 'That is not the token of this desk.');
    }
    keepPass(reply, gate.pass(), own().isSecure);
    return sessionOf(request, reply, parts, { isAdmitted: true });
  });
  server.post('/api/session/actor', (request, reply) => {
    const { actor } = read(named, request.body);
    keepActor(reply, actor, own().isSecure);
    return sessionOf(request, reply, parts, { actor });
  });
}

/** As it is now, or as this very answer makes it. */
function sessionOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { gate, workflowLinkBase }: DeskParts,
  made: { readonly isAdmitted?: boolean; readonly actor?: string } = {},
): Session {
  const kept = actorName.safeParse(keptActor(request));
  const isAdmitted = made.isAdmitted ?? gate.admits(request.cookies[cookieNames.pass]);
  return {
    csrfToken: reply.generateCsrf(),
    isLoginNeeded: !isAdmitted,
    actor: made.actor ?? (kept.success ? kept.data : null),
    workflowLinkBase: isAdmitted ? workflowLinkBase : null,
  };
}
