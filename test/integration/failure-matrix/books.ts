import type { FactName } from '../../../contracts/facts.ts';
import type { Money } from '../../../contracts/money.ts';
import type { Shop } from '../../support/shop.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';
import { messageIdOf } from '../../../activities/notification/compose-mail.ts';

/** Everything that is written down of one order, wherever it is. */
export interface OrderBooks {
  readonly orderId: string;
  readonly state: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly steps: readonly StepRecord[];
  /** What the order costs, in minor units; null when it was never written. */
  readonly total: number | null;
  readonly pieces: number;
  readonly openHolds: number;
  readonly keepsWorkingState: boolean;
  readonly takenPieces: number;
  readonly waits: number;
  readonly packedParcels: number;
  readonly shipments: number;
  /** Mails by request id, and whether they were sent. */
  readonly mails: readonly { readonly requestId: string; readonly kind: string; readonly sent: boolean }[];
  readonly facts: readonly BookedFact[];
  /** What the gateway has charged and not given back. */
  readonly balance: number;
  /** When each charge was made, ISO 8601. */
  readonly chargedAt: readonly string[];
  /** When the carrier booked each shipment, ISO 8601. */
  readonly bookedAt: readonly string[];
  /** The carrier's shipments that were not called back. */
  readonly underWay: number;
  /** How often the mail server has taken each mail. */
  timesTaken(requestId: string): number;
}

export interface BookedFact {
  readonly name: FactName;
  readonly sequence: number;
  readonly body: {
    readonly amount?: Money;
    readonly kind?: string;
    readonly reason?: string;
    readonly command?: string;
  };
}

type Row = Omit<OrderBooks, 'balance' | 'chargedAt' | 'bookedAt' | 'underWay' | 'timesTaken'> & {
  readonly requestId: string;
};

const reading = `SELECT flow.request_id AS "requestId", flow.order_id AS "orderId", flow.state, to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "finishedAt",
    coalesce(flow.steps, '[]') AS steps,
    working IS NOT NULL AS "keepsWorkingState", placed.total_amount::int AS total,
    (SELECT coalesce(sum(quantity), 0)::int FROM order_placement.order_line AS line WHERE line.order_id = flow.order_id) AS pieces,
    (SELECT count(*)::int FROM mediator_store.hold WHERE hold.order_id = flow.order_id AND ended_at IS NULL) AS "openHolds",
    (SELECT coalesce(sum(quantity), 0)::int FROM inventory.taken WHERE taken.order_id = flow.order_id AND released_at IS NULL) AS "takenPieces",
    (SELECT count(*)::int FROM inventory.waiting WHERE waiting.order_id = flow.order_id) AS waits,
    (SELECT count(*)::int FROM order_fulfillment.parcel WHERE parcel.order_id = flow.order_id AND unpacked_at IS NULL) AS "packedParcels",
    (SELECT count(*)::int FROM shipping.shipment WHERE shipment.order_id = flow.order_id AND booked_at IS NOT NULL AND recalled_at IS NULL) AS shipments,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('requestId', mail.request_id, 'kind', kind, 'sent', sent_at IS NOT NULL)), '[]')
      FROM notification.mail WHERE mail.order_id = flow.order_id) AS mails,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'sequence', sequence, 'body', body) ORDER BY position), '[]')
      FROM outbox.fact WHERE key = flow.order_id) AS facts
  FROM mediator_store.flow LEFT JOIN order_placement.placed_order AS placed ON placed.order_id = flow.order_id`;

/** Reads the books of every order, by request id. */
export async function readBooks({ sql, rig }: Shop): Promise<ReadonlyMap<string, OrderBooks>> {
  const taken = new Map<string, number>();
  for (const { messageId } of await rig.smtpSink.mails()) taken.set(messageId, (taken.get(messageId) ?? 0) + 1);
  const rows = await sql<Row>(reading);
  const booksOf = ({ requestId, ...row }: Row): [string, OrderBooks] => [
    requestId,
    {
      ...row,
      balance: rig.cardGateway.balance(row.orderId),
      chargedAt: rig.cardGateway.charges(row.orderId).map(({ at }) => at),
      bookedAt: rig.carrier.bookings(row.orderId).map(({ at }) => at),
      underWay: rig.carrier.underWay(row.orderId).length,
      timesTaken: (mailId) => taken.get(messageIdOf(mailId)) ?? 0,
    },
  ];
  return new Map(rows.map(booksOf));
}
