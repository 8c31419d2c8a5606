import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Whether a token was given, and for how long that counts. */
export interface Gate {
  /** False on loopback without a token: everybody on this machine may come in. */
  readonly isLocked: boolean;
  /** In a time that does not tell how much of it is right. */
  opensWith(token: string): boolean;
  /** What stands in the cookie of whoever gave it; good until `lifetimeSeconds` are over, and until the token is changed. */
  pass(now?: number): string;
  admits(pass: string | undefined, now?: number): boolean;
}

/** A working day. */
export const lifetimeSeconds = 12 * 60 * 60;

/** Passes are signed with the token itself: they stay good when the desk is started again. */
export function createGate(token: string | undefined): Gate {
  if (token === undefined) {
    return { isLocked: false, opensWith: () => true, pass: () => '', admits: () => true };
  }
  const key = createHash('sha256').update(`repair desk ${token}`).digest();
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  return {
    isLocked: true,
    opensWith: (given) => isSame(given, token),
    pass(now = Date.now()) {
      const text = `${Math.floor(now / 1000) + lifetimeSeconds}.${randomBytes(16).toString('base64url')}`;
      return `${text}.${sign(text)}`;
    },
    admits(pass, now = Date.now()) {
      const [, text, until, signature] = /^((\d{1,12})\.[\w-]{22})\.([\w-]{43})$/.exec(pass ?? '') ?? [];
      if (text === undefined || signature === undefined) return false;
      return isSame(signature, sign(text)) && Number(until) * 1000 > now;
    },
  };
}

/** Compares hashes, which have one length whatever was given. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(hash(one), hash(other));

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
