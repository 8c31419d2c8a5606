/** An answer over HTTP that the caller said it can deal with. */
export interface ServiceReply {
  readonly status: number;
  readonly body: unknown;
}

interface Call {
  readonly idempotencyKey?: string;
  readonly body?: object;
  /** The statuses the caller can deal with; any other is a fault. */
  readonly expect: readonly number[];
}

/** Less than the ten seconds a command may take, so that the fault is told, not guessed. */
const patienceMs = 8_000;

/**
 * Calls one service over HTTP and JSON, on connections that are kept. No answer within 8 seconds, a broken connection, and a
 * status nobody expects are faults. Their messages name service, method, path and status, never a body.
 */
export const callService =
  (service: string, baseUrl: string) =>
  async (method: 'GET' | 'POST', path: string, { idempotencyKey, body, expect }: Call): Promise<ServiceReply> => {
    const what = `${method} ${path.split('?')[0]}`;
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
    if (!expect.includes(reply.status)) throw new Error(`The ${service} answered ${reply.status} to ${what}.`);
    return { status: reply.status, body: parse(service, what, reply.text) };
  };

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
