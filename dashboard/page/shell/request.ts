import {
  forgeryHeader,
  type ApiError,
  type ApiErrorCode,
  type ApiProblem,
  type Session,
} from '../../server/api/api.ts';
import { legible, legibleValue } from '../../../contracts/reading/legible.ts';

/** An error that the server answered, or no answer at all. Its message is for people. */
export class RequestError extends Error {
  readonly code: ApiErrorCode | 'offline';
  /** The problems by field. */
  readonly problems: readonly ApiProblem[];

  constructor(code: RequestError['code'], message: string, problems: readonly ApiProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

/**
 * Reads an answer of the server, its texts without what hides or reorders them. A message under repair keeps every
 * character, and so do the paths of its fields.
 */
export const answerIn = (json: string): unknown => legibleValue(json, ['text', 'field']);

let csrfToken: string | null = null;
let loggedOut: () => void = () => undefined;

/** Registers what to do when the server asks for its token again. */
export function whenLoggedOut(then: () => void): void {
  loggedOut = then;
}

/** Reads something. Throws `RequestError`. */
export const read = <Answer>(path: string): Promise<Answer> => ask<Answer>(path, {});

/** The session; from then on changes carry its anti-forgery token. */
export async function readSession(): Promise<Session> {
  return keepToken(await read<Session>('/api/session'));
}

/** Changes something. A token that went stale (the server was restarted) is renewed once. Throws `RequestError`. */
export async function change<Answer>(path: string, body: object): Promise<Answer> {
  try {
    return await post<Answer>(path, body);
  } catch (error) {
    if (!(error instanceof RequestError && error.code === 'forged')) throw error;
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
    throw new RequestError('offline', `The desk's server does not answer (${String(error)}). Try again when it runs.`);
  });
  const body = await response
    .text()
    .then(answerIn)
    .catch(() => null);
  if (response.ok) return body as Answer;
  const error = errorOf(response.status, body);
  if (error.code === 'login-needed' && !path.startsWith('/api/session')) loggedOut();
  throw error;
}

function errorOf(status: number, body: unknown): RequestError {
  const { error } = (body ?? {}) as Partial<ApiError>;
  if (!error)
    return new RequestError('internal', `The desk's server answered ${status}. Reload the page, or look at its log.`);
  return new RequestError(error.code, error.message, error.problems);
}

/** The message of an error for people, with the problems of every field. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const problems = error instanceof RequestError ? error.problems : [];
  const told = problems.map(({ field, message }) => `${field ? `${legible(field)}: ` : ''}${message}.`);
  return [error.message, ...told].join(' ');
}
