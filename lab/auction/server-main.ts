import fastify from 'fastify';
import pg from 'pg';
import { ready, settingsOfEntry } from '../kit/entry.ts';
import type { AuctionSettings, Bid } from './bid.ts';
import { bidUnderLock } from './store.ts';

/** Bids as requests: each waits for the lock of its auction, and is answered `accepted` or `outbid`. */
const { databaseUrl, port } = settingsOfEntry() as AuctionSettings;
const sql = new pg.Pool({ connectionString: databaseUrl, max: 20 });
const app = fastify({ keepAliveTimeout: 60_000 });
app.post<{ Body: Bid }>('/bids', async ({ body }) => ({ answer: await bidUnderLock(sql, body) }));
await app.listen({ port, host: '127.0.0.1' });
ready(async () => {
  await app.close();
  await sql.end();
});
