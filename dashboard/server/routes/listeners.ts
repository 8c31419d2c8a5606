import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actorOf, paramOf, readInput } from '../input.ts';
import type { Listeners } from '../ports.ts';
import type { Log } from '../../../broker-bridge/component.ts';

const nothing = z.strictObject({});
const point = z.strictObject({ from: z.string({ error: 'must be an instant' }).nullable().optional() });

/** The actions on listeners. Each is logged with who did it. */
export function addListenerRoutes(server: FastifyInstance, listeners: Listeners, log: Log): void {
  const logged = async (details: object, work: Promise<void>): Promise<object> => {
    await work;
    log.info(details, 'A listener was steered');
    return {};
  };
  for (const how of ['pause', 'resume'] as const) {
    server.post(`/api/listeners/:name/${how}`, (request) => {
      readInput(nothing, request.body);
      const listener = paramOf(request, 'name');
      return logged({ how, listener, actor: actorOf(request) }, listeners[how](listener));
    });
  }
  server.post('/api/listeners/:name/replay', (request) => {
    const { from = null } = readInput(point, request.body);
    const listener = paramOf(request, 'name');
    return logged({ how: 'replay', listener, from, actor: actorOf(request) }, listeners.replay(listener, from));
  });
}
