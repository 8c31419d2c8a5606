import { ApplicationFailure } from '@temporalio/common';
import { lastingFault } from '../../contracts/failures.ts';

/** An answer over HTTP with a status that the caller handles. */
export interface ServiceReply {
  readonly status: number;
  readonly body: unknown;
}

interface Call {
  readonly idempotencyKey?: string;
  readonly body?: object;
  /** The statuses that the caller handles; any other is a fault. */
  readonly expect: readonly number[];
  /** The path for messages, when the path itself must not be shown. */
  readonly shownAs?: string;
}

/** Less than the ten seconds a command may take, so that the fault is reported before the time-out. */
const patienceMs = 8_000;

/**
 * Calls one service over HTTP and JSON, on connections that are kept. No answer within 8 seconds, a broken connection,
 * and an unexpected status are faults. A status that blames the call itself is a lasting fault. Messages name service,
 * method, path and status, never a body.
 */
export const callService =
  (service: string, baseUrl: string) =>
  async (method: 'GET' | 'POST', path: string, call: Call): Promise<ServiceReply> => {
    const { idempotencyKey, body, expect, shownAs = path.split('?')[0] } = call;
    const what = `${method} ${shownAs}`;
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
    };
    const content = body ? { body: JSON.stringify(body) } : {};
    const reply = await fetch(new URL(path, baseUrl), {
      method,
      headers,
      ...content,
      signal: AbortSignal.timeout(patienceMs),
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((cause: unknown) => {
        throw new Error(`The ${service} did not answer to ${what} (${reasonOf(cause)}).`, { cause });
      });
    if (!expect.includes(reply.status))
      throw faultOf(reply.status, `The ${service} answered ${reply.status} to ${what}.`);
    return { status: reply.status, body: parse(service, what, reply.text) };
  };

/** The code of an answer that says no: `{ error: { code } }`. */
export const codeOf = (reply: ServiceReply): string | undefined =>
  (reply.body as { error?: { code?: string } }).error?.code;

/** A fault that a repeat will not mend: a person has to put the call or its receiver right first. */
export const lasting = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, lastingFault);

/** Statuses that blame the caller only for the moment: too slow, too early, too often. */
const passing: readonly number[] = [408, 425, 429];

const faultOf = (status: number, message: string): Error =>
  status >= 400 && status < 500 && !passing.includes(status) ? lasting(message) : new Error(message);

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  const inner = cause.cause as { code?: string } | undefined;
  return inner?.code ?? cause.name;
}

function parse(service: string, what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The ${service} answered to ${what} with something that is not JSON.`);
  }
}
