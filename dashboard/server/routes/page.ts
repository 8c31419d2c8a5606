import type { FastifyInstance } from 'fastify';
import type { Page } from '../assets/page.ts';
import { Failure } from '../failure.ts';
import { paramOf } from '../input.ts';

/** HEAD is answered too: monitors ask with it. */
const head = { exposeHeadRoute: true };

/** The page, its two files, and a sign of life. No path reaches the disk. */
export function addPageRoutes(server: FastifyInstance, { html, assets }: Page): void {
  server.get('/', head, (_, reply) =>
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html),
  );
  server.get('/assets/:name', head, (request, reply) => {
    const asset = assets.get(paramOf(request, 'name'));
    if (!asset) throw new Failure('not-found', 'There is nothing here.');
    return reply.header('cache-control', 'public, max-age=31536000, immutable').type(asset.type).send(asset.content);
  });
  server.get('/health', head, () => ({ ok: true }));
}
