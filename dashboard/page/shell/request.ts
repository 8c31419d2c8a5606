import {
  forgeryHeader,
  type ApiError,
  type ApiErrorCode,
  type ApiProblem,
  type Session,
} from '../../server/api/api.ts';

/** An answer of the server that is no success, or no answer. Its message is for people. */
export class Told extends Error {
  readonly code: ApiErrorCode | 'offline';
  /** What is wrong by field. */
  readonly problems: readonly ApiProblem[];

  constructor(code: Told['code'], message: string, problems: readonly ApiProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

let csrfToken: string | null = null;
let loggedOut: () => void = () => undefined;

/** Says what happens when the server asks for its token again. */
export function whenLoggedOut(then: () => void): void {
  loggedOut = then;
}

/** Reads something. Throws `Told`. */
export const read = <Answer>(path: string): Promise<Answer> => ask<Answer>(path, {});

/** The session; from then on changes carry its anti-forgery token. */
export async function readSession(): Promise<Session> {
  return keepToken(await read<Session>('/api/session'));
}

/** Changes something. A token that went stale (the server was restarted) is renewed once. Throws `Told`. */
export async function change<Answer>(path: string, body: object): Promise<Answer> {
  try {
    return await post<Answer>(path, body);
  } catch (error) {
    if (!(error instanceof Told && error.code === 'forged')) throw error;
    await readSession();
    return post<Answer>(path, body);
  }
}

/** A change that answers with the session. */
export const changeSession = async (path: string, body: object): Promise<Session> =>
  keepToken(await change<Session>(path, body));

function keepToken(session: Session): Session {
  csrfToken = session.csrfToken ?? csrfToken;
  return session;
}

const post = <Answer>(path: string, body: object): Promise<Answer> =>
  ask<Answer>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(csrfToken ? { [forgeryHeader]: csrfToken } : {}) },
    body: JSON.stringify(body),
  });

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, { ...init, credentials: 'same-origin' }).catch((error: unknown) => {
    throw new Told('offline', `The desk's server does not answer (${String(error)}). Try again when it runs.`);
  });
  const body = (await response.json().catch(() => null)) as unknown;
  if (response.ok) return body as Answer;
  const told = toldBy(response.status, body);
  if (told.code === 'login-needed' && !path.startsWith('/api/session')) loggedOut();
  throw told;
}

function toldBy(status: number, body: unknown): Told {
  const { error } = (body ?? {}) as Partial<ApiError>;
  if (!error) return new Told('internal', `The desk's server answered ${status}. Reload the page, or look at its log.`);
  return new Told(error.code, error.message, error.problems);
}

/** What went wrong, for people: with every field that is wrong. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const problems = error instanceof Told ? error.problems : [];
  return [error.message, ...problems.map(({ field, message }) => `${field ? `${field}: ` : ''}${message}.`)].join(' ');
}
