import { answerOf } from '../../../activities/kit/refuse.ts';
import type { EventRecords } from '../../../contracts/mediators/event-records.ts';
import type { OrderRecords, StoredOrder } from '../../../contracts/mediators/order-records.ts';
import type { Clock } from './fake-processors.ts';

/** One call of the records, in the order they came. */
export type LedgerEntry = {
  readonly [Call in keyof OrderRecords]: {
    readonly call: Call;
    readonly entry: Parameters<OrderRecords[Call]>[0];
    /** In the server's time: milliseconds since 1970. */
    readonly at: number;
  };
}[keyof OrderRecords];

interface Row extends StoredOrder {
  readonly bodyHash: string;
}

/** The mediators' own records, in memory: recognises a request it has seen, and keeps every entry. */
export interface FakeLedger {
  /** Of initiating events it knows nothing: none came from the queue. */
  readonly activities: OrderRecords & Pick<EventRecords, 'refuseEvent'>;
  readonly entries: readonly LedgerEntry[];
}

export function fakeLedger(now: Clock): FakeLedger {
  const rows = new Map<string, Row>();
  const actions = new Set<string>();
  const entries: LedgerEntry[] = [];
  const note =
    <Call extends keyof OrderRecords>(call: Call) =>
    async (entry: Parameters<OrderRecords[Call]>[0]) => {
      entries.push({ call, entry, at: await now() } as LedgerEntry);
    };
  return {
    entries,
    activities: {
      async receiveOrder(entry) {
        await note('receiveOrder')(entry);
        const { requestId } = entry.event;
        const row = rows.get(requestId) ?? {
          orderId: `ord-${requestId}`,
          finished: null,
          recovered: null,
          bodyHash: entry.bodyHash,
        };
        rows.set(requestId, row);
        if (row.bodyHash === entry.bodyHash) return { orderId: row.orderId, finished: row.finished, recovered: null };
        return answerOf<StoredOrder>({ refusal: { type: 'RequestIdTaken', details: { requestId } } });
      },
      async withdrawOrder(entry) {
        rows.delete(entry.requestId);
        await note('withdrawOrder')(entry);
      },
      async recordAction(entry) {
        const first = !actions.has(entry.actionId);
        actions.add(entry.actionId);
        await note('recordAction')(entry);
        return { first };
      },
      async finishOrder(entry) {
        const { requestId, outcome, reason } = entry;
        const row = rows.get(requestId);
        if (row) rows.set(requestId, { ...row, finished: { outcome, reason } });
        await note('finishOrder')(entry);
      },
      refuseEvent: () => Promise.resolve(null),
      holdOrder: note('holdOrder'),
      resumeOrder: note('resumeOrder'),
      noteAmendment: note('noteAmendment'),
      compensateOrder: note('compensateOrder'),
    },
  };
}
