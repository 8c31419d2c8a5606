import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { LiveHub } from '../live/hub.ts';

/** A viewer with more unsent bytes does not keep up. */
const mostUnsent = 1024 * 1024;

/**
 * Server-sent events. Events of the time without a connection are not sent later: the page reads again what it shows.
 */
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
      // Not `end`, which would wait until a slow viewer has taken everything.
      end: () => void raw.destroy(),
    });
    raw.on('close', leave);
  });
}
