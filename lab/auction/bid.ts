/** A bid of one bidder. */
export interface Bid {
  readonly id: string;
  readonly auction: string;
  readonly bidder: string;
  /** Minor units. */
  readonly amount: number;
}

/** Bids as events. */
export const bidStream = { name: 'LAB_BIDS', subject: 'lab.bid' };

/** The entry files of the two sides: the one consumer of bids, and the server of bid requests. */
export const entries = { events: 'lab/auction/consumer-main.ts', requests: 'lab/auction/server-main.ts' } as const;

/** The settings of both entry files. */
export interface AuctionSettings {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly port: number;
}
