import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actorOf, paramOf, readInput } from '../input.ts';
import type { Listeners } from '../ports.ts';
import type { Log } from '../../../broker-bridge/component.ts';

const nothing = z.strictObject({});
const point = z.strictObject({ from: z.string({ error: 'must be an instant' }).nullable().optional() });

/** The actions on listeners. Each is logged with who did it. */
export function addListenerRoutes(server: FastifyInstance, listeners: Listeners, log: Log): void {
  for (const how of ['pause', 'resume'] as const) {
    server.post(`/api/listeners/:name/${how}`, async (request) => {
      readInput(nothing, request.body);
      const name = paramOf(request, 'name');
      await listeners[how](name);
      log.info({ listener: name, actor: actorOf(request) }, `A listener was told to ${how}`);
      return {};
    });
  }
  server.post('/api/listeners/:name/replay', async (request) => {
    const { from = null } = readInput(point, request.body);
    const name = paramOf(request, 'name');
    await listeners.replay(name, from);
    log.info({ listener: name, actor: actorOf(request), from }, 'A listener hears its facts again');
    return {};
  });
}
