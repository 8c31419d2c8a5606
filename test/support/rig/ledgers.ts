import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailReader, type Mail, type SinkEntry } from '../../../stack/smtp-sink/mails.ts';
import type { BookingEntry, CarrierEntry, RecallEntry } from '../../../stack/carrier/carrier.ts';
import type { LedgerEntry, SupplierEntry } from '../../../stack/supplier/supplier.ts';
import type { GatewayEntry, ChargeEntry, RefundEntry } from '../../../stack/card-gateway/store.ts';

/** The entries of a ledger as they are on disk, whether its server runs or not. */
function readLedger(folder: string): readonly unknown[] {
  const text = readFileSync(join(folder, 'ledger.jsonl'), 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}

/** What the card gateway's own ledger says. Without an order: of all orders. */
export interface GatewayLedger {
  entries(): readonly GatewayEntry[];
  charges(orderId?: string): readonly ChargeEntry[];
  refunds(orderId?: string): readonly RefundEntry[];
  /** What was charged and not given back, in minor units. */
  balance(orderId?: string): number;
}

export function gatewayLedger(folder: string): GatewayLedger {
  const entries = () => readLedger(folder) as readonly GatewayEntry[];
  const charges = (orderId?: string) =>
    entries().filter(
      (entry): entry is ChargeEntry => entry.type === 'charge' && (orderId ?? entry.orderId) === entry.orderId,
    );
  const refunds = (orderId?: string) => {
    const ids = new Set(charges(orderId).map(({ chargeId }) => chargeId));
    return entries().filter((entry): entry is RefundEntry => entry.type === 'refund' && ids.has(entry.chargeId));
  };
  const balance = (orderId?: string) => sum(charges(orderId)) - sum(refunds(orderId));
  return { entries, charges, refunds, balance };
}

const sum = (entries: readonly { readonly amount: number }[]): number =>
  entries.reduce((total, { amount }) => total + amount, 0);

/** What the supplier's own ledger says. */
export const supplierOrders = (folder: string): readonly SupplierEntry[] =>
  (readLedger(folder) as readonly LedgerEntry[]).filter((entry) => entry.type === 'purchase-order');

/** What the carrier's own ledger says. */
export interface CarrierLedger {
  bookings(orderId: string): readonly BookingEntry[];
  /** The shipments of an order that were booked and not called back. */
  underWay(orderId: string): readonly BookingEntry[];
}

export function carrierLedger(folder: string): CarrierLedger {
  const entries = () => readLedger(folder) as readonly CarrierEntry[];
  const bookings = (orderId: string) =>
    entries().filter((entry): entry is BookingEntry => entry.type === 'booking' && entry.orderId === orderId);
  const underWay = (orderId: string) => {
    const recalls = entries().filter((entry): entry is RecallEntry => entry.type === 'recall');
    const recalled = new Set(recalls.map(({ trackingNumber }) => trackingNumber));
    return bookings(orderId).filter(({ trackingNumber }) => !recalled.has(trackingNumber));
  };
  return { bookings, underWay };
}

/** What the mail server has accepted, oldest first. */
export const acceptedMails = (folder: string): Promise<readonly Mail[]> =>
  mailReader({ entries: readLedger(folder) as readonly SinkEntry[] })();
