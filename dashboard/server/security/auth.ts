import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { forgeryHeader } from '../api/api.ts';
import { Failure } from '../failure.ts';
import { isChange, type OwnAddresses } from './origins.ts';

/** Checks the desk's token, and the passes that are given for it. */
export type TokenAuth = ReturnType<typeof createTokenAuth>;

/** A pass is good for a working day. */
export const passSeconds = 12 * 60 * 60;

/**
 * Passes are signed with the token itself: they stay good when the desk is started again, and end with the token.
 * Without a token, which only a desk on loopback may have, every request is admitted.
 */
export function createTokenAuth(token: string | undefined) {
  const key = createHash('sha256').update(`repair desk ${token}`).digest();
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  return {
    /** Takes the same time for every wrong token. */
    isToken: (given: string): boolean => token === undefined || isSameText(given, token),
    pass(now = Date.now()): string {
      if (token === undefined) return '';
      const text = `${Math.floor(now / 1000) + passSeconds}.${randomBytes(16).toString('base64url')}`;
      return `${text}.${sign(text)}`;
    },
    admits(pass: string | undefined, now = Date.now()): boolean {
      if (token === undefined) return true;
      const [, text, until, signature] = /^((\d{1,12})\.[\w-]{22})\.([\w-]{43})$/.exec(pass ?? '') ?? [];
      if (text === undefined || signature === undefined) return false;
      return isSameText(signature, sign(text)) && Number(until) * 1000 > now;
    },
  };
}

/** Compares hashes: they have one length, so that the time says nothing. */
const isSameText = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other));

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The names of the cookies. The anti-forgery secret's is set by its plugin. */
export const cookieNames = { forgery: 'desk-forgery', pass: 'desk-pass', actor: 'desk-actor' } as const;

/** No script reads them, and no other site's request carries them. */
const cookieSettings = (isSecure: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure }) as const;

/** Keeps the actor's name in the browser: it is a statement, not a proof. */
export function keepActor(reply: FastifyReply, actor: string, isSecure: boolean): void {
  const value = Buffer.from(actor, 'utf8').toString('base64url');
  void reply.setCookie(cookieNames.actor, value, { ...cookieSettings(isSecure), maxAge: 365 * 24 * 60 * 60 });
}

/** The actor's name as it was kept, unchecked. */
export function keptActor(request: FastifyRequest): string | undefined {
  const value = request.cookies[cookieNames.actor];
  return value === undefined ? undefined : Buffer.from(value, 'base64url').toString('utf8');
}

export function keepPass(reply: FastifyReply, pass: string, isSecure: boolean): void {
  void reply.setCookie(cookieNames.pass, pass, { ...cookieSettings(isSecure), maxAge: passSeconds });
}

/** Takes requests with a pass only, and changes only with the anti-forgery token. */
export async function guardSession(server: FastifyInstance, auth: TokenAuth, own: () => OwnAddresses): Promise<void> {
  // Signed with a key of this process: a cookie that another server on this machine has set counts for nothing.
  await server.register(cookie, { secret: randomBytes(32).toString('base64url') });
  await server.register(csrf, {
    cookieKey: cookieNames.forgery,
    cookieOpts: { ...cookieSettings(own().isSecure), signed: true },
    getToken: ({ headers: given }) => {
      const token = given[forgeryHeader];
      return typeof token === 'string' ? token : undefined;
    },
  });
  server.addHook('onRequest', async (request) => {
    if (isPublic(request) || auth.admits(request.cookies[cookieNames.pass])) return;
    throw new Failure('login-needed', 'Give the token of this desk first.');
  });
  server.addHook('onRequest', (request, reply, done) => {
    if (isChange(request)) server.csrfProtection(request, reply, done);
    else done();
  });
}

/**
 * The page holds no data of the shop; the session says that a token is needed. The route decides, since a path may be
 * written in many ways.
 */
const isPublic = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url === undefined || !url.startsWith('/api/') || url === '/api/session' || url === '/api/session/login';
