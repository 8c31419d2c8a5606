import { parseArgs } from 'node:util';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

/*
 * The stand-ins (card gateway, supplier, carrier, SMTP sink) are small HTTP servers of JSON on loopback, each in a
 * process of its own with its journal in a folder of its own.
 */

/** A request's header fields and its parsed body; undefined when there is none. */
export type JsonRequest = Pick<FastifyRequest, 'headers' | 'body'>;

/** An answer; `drop` closes the connection without one. */
export type JsonAnswer = { readonly status: number; readonly body: unknown } | 'drop';

/** An error answer: `{ error: { code, message } }`. */
export const failure = (status: number, code: string, message: string): JsonAnswer => ({
  status,
  body: { error: { code, message } },
});

/** A server without routes yet. A body that is not JSON, or larger than 64 KiB, is refused before a route sees it. */
export function openJsonServer(): FastifyInstance {
  const app = fastify({
    bodyLimit: 65_536,
    keepAliveTimeout: 60_000,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1_000 }, // a Message-ID
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string));
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
    }
  });
  app.setErrorHandler((error: { code?: string; statusCode?: number; message: string }, _, reply) => {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      return answer(reply, failure(400, 'bad_request', 'The body is larger than 64 KiB.'));
    }
    if (error.statusCode === 400) return answer(reply, failure(400, 'bad_request', error.message));
    console.error(error);
    return answer(reply, failure(500, 'internal', 'The server failed; its log says why.'));
  });
  app.setNotFoundHandler(({ method, url }, reply) =>
    answer(reply, failure(404, 'not_found', `There is no ${method} ${url.replace(/\?.*/s, '')}.`)),
  );
  app.get('/health', () => ({ ok: true }));
  return app;
}

export async function answer(reply: FastifyReply, decided: JsonAnswer | Promise<JsonAnswer>): Promise<unknown> {
  const made = await decided;
  if (made !== 'drop') return reply.code(made.status).send(made.body);
  reply.hijack().raw.destroy();
  return reply;
}

/** Does what was read of a request; a sentence in its place is refused with 400. */
export const answerRead = <Read extends object>(
  reply: FastifyReply,
  read: Read | string,
  act: (read: Read) => Promise<JsonAnswer>,
): Promise<unknown> => answer(reply, typeof read === 'string' ? failure(400, 'bad_request', read) : act(read));

/** The command line of a stand-in. */
export function standInArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, folder: { type: 'string' }, 'http-port': { type: 'string', default: '0' } },
  });
  if (!values.port || !values.folder) throw new Error('Say --port PORT and --folder FOLDER.');
  return { port: Number(values.port), folder: values.folder, httpPort: Number(values['http-port']) };
}

/** A whole number of the environment, or the fallback when it is not set. */
export function numberFrom(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name] ? Number(env[name]) : fallback;
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number, 0 or more.`);
  return value;
}

/** Listens, and ends the process at a signal once open requests are answered; `close` comes after them. */
export async function serve(app: FastifyInstance, port: number, close: () => Promise<void>): Promise<void> {
  await app.listen({ port, host: '127.0.0.1' });
  const end = () =>
    void app
      .close()
      .then(close)
      .then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

/** Runs work of the same key one after another, and work of different keys side by side. */
export function createKeyedMutex(): <Result>(key: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const run = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, run);
    const forget = () => {
      if (last.get(key) === run) last.delete(key);
    };
    run.then(forget, forget);
    return run;
  };
}
