import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { LiveHub } from '../live/hub.ts';

/** Unsent bytes of one viewer after which it is sent away. */
const mostUnsent = 1024 * 1024;

/** Server-sent events. What happened while somebody was away is not sent later: they read again what they show. */
export function addLiveRoute(server: FastifyInstance, hub: LiveHub): void {
  server.addHook('preClose', async () => hub.close());
  server.get('/api/live', async (_, reply) => {
    const { raw } = reply;
    if (hub.isFull) throw new Failure('too-many', 'Too many look at this desk at the same time.');
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const leave = hub.join({
      send: (text) => (raw.write(text), raw.writableLength < mostUnsent),
      // Not `end`, which would wait until whoever is too slow has taken everything.
      end: () => void raw.destroy(),
    });
    raw.on('close', leave);
  });
}
