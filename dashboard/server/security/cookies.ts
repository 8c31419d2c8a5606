import type { FastifyReply, FastifyRequest } from 'fastify';
import { lifetimeSeconds } from './login.ts';

/** The names of the cookies. The anti-forgery secret's is set by its plugin. */
export const cookieNames = { forgery: 'desk-forgery', pass: 'desk-pass', actor: 'desk-actor' } as const;

/** No script reads them, no other site's request carries them. */
export const cookieSettings = (isSecure: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure }) as const;

/** Keeps who acts in the browser: it is a statement, not a proof. */
export function keepActor(reply: FastifyReply, actor: string, isSecure: boolean): void {
  const value = Buffer.from(actor, 'utf8').toString('base64url');
  void reply.setCookie(cookieNames.actor, value, { ...cookieSettings(isSecure), maxAge: 365 * 24 * 60 * 60 });
}

/** As it was kept, unchecked; undefined when nothing was. */
export function keptActor(request: FastifyRequest): string | undefined {
  const value = request.cookies[cookieNames.actor];
  return value === undefined ? undefined : Buffer.from(value, 'base64url').toString('utf8');
}

export function keepPass(reply: FastifyReply, pass: string, isSecure: boolean): void {
  void reply.setCookie(cookieNames.pass, pass, { ...cookieSettings(isSecure), maxAge: lifetimeSeconds });
}
