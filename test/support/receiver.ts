import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Rig } from './rig.ts';

/** A request as it came. */
export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; `earlier` is how many came before it. */
export type Answering = (answer: ServerResponse, post: ReceivedPost, earlier: number) => void;

/** A real server of a receiver of webhooks. */
export interface Receiver {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly url: string;
  /** Every request whose body has come, oldest first. */
  readonly posts: readonly ReceivedPost[];
  /** Answers in another way from now on. */
  answer(answering: Answering): void;
}

/** Answers with this status. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  (answer) =>
    void answer.writeHead(code, headers).end();

/** Starts a receiver that answers 204 until it is told otherwise; ended by the rig. */
export async function startReceiver(rig: Pick<Rig, 'onClose'>, answering: Answering = status(204)): Promise<Receiver> {
  const posts: ReceivedPost[] = [];
  let present = answering;
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const post = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      posts.push(post);
      present(answer, post, posts.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rig.onClose(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}/hooks`, posts, answer: (next) => void (present = next) };
}
