import type pg from 'pg';
import type { Bid } from './bid.ts';

/** The state of an auction: its highest bid, and the number of bids. */
export interface AuctionState {
  readonly highest: number;
  readonly bidder: string;
  readonly bids: number;
}

export const createTables = (sql: pg.Pool): Promise<unknown> =>
  sql.query(`
    CREATE TABLE auction (auction text PRIMARY KEY, highest bigint NOT NULL DEFAULT 0, bidder text NOT NULL DEFAULT '');
    CREATE TABLE bid (bid_id text PRIMARY KEY, auction text NOT NULL, bidder text NOT NULL, amount bigint NOT NULL);
    CREATE INDEX bid_auction ON bid (auction)`);

export const openAuction = (sql: pg.Pool, auction: string): Promise<unknown> =>
  sql.query('INSERT INTO auction (auction) VALUES ($1)', [auction]);

/**
 * Books bids and keeps the highest, in one transaction. Safe to repeat: a bid is in the table once, and one that was
 * booked before changes nothing.
 */
export const bookBids = (sql: pg.Pool, bids: readonly Bid[]): Promise<unknown> =>
  sql.query(
    `WITH given AS (
       SELECT * FROM json_to_recordset($1) AS given (id text, auction text, bidder text, amount bigint)
     ), booked AS (
       INSERT INTO bid (bid_id, auction, bidder, amount) SELECT id, auction, bidder, amount FROM given
       ON CONFLICT DO NOTHING RETURNING auction, bidder, amount
     ), best AS (
       SELECT DISTINCT ON (auction) auction, bidder, amount FROM booked ORDER BY auction, amount DESC
     )
     UPDATE auction SET highest = best.amount, bidder = best.bidder
     FROM best WHERE auction.auction = best.auction AND best.amount > auction.highest`,
    [JSON.stringify(bids)],
  );

/** Books one bid under the lock of its auction, and says if it is the highest now. A repeat gets the same booking. */
export async function bidUnderLock(sql: pg.Pool, bid: Bid): Promise<'accepted' | 'outbid'> {
  const client = await sql.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ highest: string; bidder: string }>(
      'SELECT highest, bidder FROM auction WHERE auction = $1 FOR UPDATE',
      [bid.auction],
    );
    await client.query(
      'INSERT INTO bid (bid_id, auction, bidder, amount) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [bid.id, bid.auction, bid.bidder, bid.amount],
    );
    const isHighest = bid.amount >= Number(rows[0]?.highest);
    if (isHighest) {
      const set = 'UPDATE auction SET highest = $2, bidder = $3 WHERE auction = $1';
      await client.query(set, [bid.auction, bid.amount, bid.bidder]);
    }
    await client.query('COMMIT');
    client.release();
    return isHighest ? 'accepted' : 'outbid';
  } catch (error) {
    client.release(true);
    throw error;
  }
}

export async function stateOf(sql: pg.Pool, auction: string): Promise<AuctionState> {
  const { rows } = await sql.query<AuctionState>(
    `SELECT highest::int AS highest, bidder, (SELECT count(*)::int FROM bid WHERE bid.auction = $1) AS bids
     FROM auction WHERE auction = $1`,
    [auction],
  );
  return rows[0] ?? { highest: 0, bidder: '', bids: 0 };
}
