import type { FastifyInstance } from 'fastify';
import { paramOf } from '../input.ts';
import type { Measurements } from '../ports.ts';

/** A chart has its colours in a style of its own; opened by itself, it may do nothing else. */
const chartPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** What the lab has measured, and its charts. */
export function addMeasurementRoutes(server: FastifyInstance, measurements: Measurements): void {
  server.get('/api/measurements', () => measurements.list());
  server.get('/api/measurements/charts/:name', async (request, reply) => {
    const chart = await measurements.chart(paramOf(request, 'name'));
    return reply.header('content-security-policy', chartPolicy).type('image/svg+xml').send(chart);
  });
}
