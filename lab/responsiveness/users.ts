import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Comment } from './comment.ts';
import type { Way } from './front.ts';

/** One comment as its author saw it. */
export interface Commented {
  readonly comment: Comment;
  readonly answer: Answer;
  /** Milliseconds since 1970: the author pressed the button. */
  readonly at: number;
  /** Milliseconds between the request's arrival at the service and the answer's departure, over loopback. */
  readonly serviceMs: number;
  /** Milliseconds that the author waited, with the network each way. */
  readonly userMs: number;
}

/** Users of a front on this port; the network is simulated by waiting, the same for every way. */
export function openUsers(port: number, count: number, networkMs: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const send = (method: string, path: string, body = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {};
      const sent = request({ port, host: '127.0.0.1', method, path, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
      });
      sent.once('error', reject).end(body);
    });
  return {
    /** Opens the connection of each user, so that no comment pays for it. */
    connect: () => Promise.all(Array.from({ length: count }, () => send('GET', '/health'))),
    async comment(way: Way, comment: Comment): Promise<Commented> {
      const at = Date.now();
      const pressed = performance.now();
      await sleep(networkMs);
      const arrived = performance.now();
      const { answer } = JSON.parse(await send('POST', `/comments/${way}`, JSON.stringify(comment))) as {
        readonly answer: Answer;
      };
      const serviceMs = performance.now() - arrived;
      await sleep(networkMs);
      return { comment, answer, at, serviceMs, userMs: performance.now() - pressed };
    },
    close: async () => agent.destroy(),
  };
}
