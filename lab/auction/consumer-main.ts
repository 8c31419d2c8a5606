import pg from 'pg';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { ready, settingsOfEntry } from '../kit/entry.ts';
import { labLog } from '../open-shop.ts';
import { bidStream, type AuctionSettings, type Bid } from './bid.ts';
import { bookBids } from './store.ts';

/** The one consumer of bids: books what has come in one transaction, and acknowledges it after the commit. */
const { databaseUrl, natsUrl } = settingsOfEntry() as AuctionSettings;
const sql = new pg.Pool({ connectionString: databaseUrl, max: 1 });
const broker = await connectBroker({ url: natsUrl, name: 'auctioneer', log: labLog });
const deliveries = await broker.consume({
  stream: bidStream.name,
  name: 'auctioneer',
  subjects: [bidStream.subject],
  acknowledgeWithin: 2_000,
});
const decoder = new TextDecoder();
const booking = (async () => {
  for (let batch = await deliveries.next(256); batch.length > 0; batch = await deliveries.next(256)) {
    await bookBids(
      sql,
      batch.map(({ data }) => JSON.parse(decoder.decode(data)) as Bid),
    );
    await Promise.all(batch.map((delivery) => delivery.acknowledge()));
  }
})();
ready(async () => {
  await deliveries.close();
  await booking;
  await broker.close();
  await sql.end();
});
