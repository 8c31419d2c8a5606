import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A request as a route gets it. */
export interface JsonRequest {
  /** What the groups of the route's pattern matched. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
}

/** What a route answers; `drop` closes the connection without an answer. */
export type JsonAnswer = { readonly status: number; readonly body: unknown } | 'drop';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Matches the whole path. */
  readonly path: RegExp;
  handle(request: JsonRequest): Promise<JsonAnswer> | JsonAnswer;
}

/** An error answer: `{ error: { code, message } }`. */
export const failure = (status: number, code: string, message: string): JsonAnswer => ({
  status,
  body: { error: { code, message } },
});

const bodyLimit = 65_536;

/** A server of JSON routes on loopback. A body that is not JSON, or too big, is refused before a route sees it. */
export async function serveJson(port: number, routes: readonly Route[]): Promise<Server> {
  const server = createServer((request, response) => void respond(routes, request, response));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host: '127.0.0.1' }, resolve);
  });
  return server;
}

async function respond(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerOf(routes, request).catch((error: unknown) => {
    console.error(error);
    return failure(500, 'internal', 'The server failed; its log says why.');
  });
  if (answer === 'drop') {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer.body));
}

async function answerOf(routes: readonly Route[], request: IncomingMessage): Promise<JsonAnswer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  for (const { method, path, handle } of routes) {
    const match = method === request.method && path.exec(pathname);
    if (!match) continue;
    const body = await readBody(request);
    if ('refused' in body) return failure(400, 'bad_request', body.refused);
    const params = match.slice(1).map(decodeURIComponent);
    return handle({ params, query: searchParams, headers: request.headers, body: body.parsed });
  }
  return failure(404, 'not_found', `There is no ${request.method} ${pathname}.`);
}

async function readBody(request: IncomingMessage): Promise<{ parsed: unknown } | { refused: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) return { refused: 'The body is larger than 64 KiB.' };
    chunks.push(chunk);
  }
  if (size === 0) return { parsed: undefined };
  try {
    return { parsed: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { refused: 'The body is not JSON.' };
  }
}
