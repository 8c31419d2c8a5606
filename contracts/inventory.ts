import type { Command } from './commands.ts';
import type { OrderLine } from './place-order.ts';

/** Work done on `inventory-queue`. Every command is safe to repeat with the same `requestId`. */
export interface InventoryProcessor {
  /** Takes all lines from stock or none. Refused with `OutOfStock` (details: the lines that are short). Fact: `inventory-updated`. */
  adjustInventory(command: AdjustInventory): Promise<InventoryUpdated>;
  /** Puts back what the order took; does nothing when it took nothing. An adjustment that arrives later takes nothing. Fact: `inventory-released`. */
  releaseInventory(command: ReleaseInventory): Promise<InventoryReleased>;
  /** Books a delivery of the supplier. Fact: `stock-replenished`, with the title as its key. */
  receiveStock(command: ReceiveStock): Promise<StockReceived>;
}

export interface AdjustInventory extends Command {
  readonly lines: readonly OrderLine[];
}

export interface StockLevel {
  readonly isbn: string;
  readonly onHand: number;
}

export interface InventoryUpdated {
  /** What is left of each title of the order. */
  readonly levels: readonly StockLevel[];
}

export type ReleaseInventory = Command;

export interface InventoryReleased {
  /** What went back; empty when nothing had been taken. */
  readonly released: readonly OrderLine[];
}

export interface ReceiveStock {
  /** `<purchase order>/receive-stock/<delivery id>` */
  readonly requestId: string;
  readonly purchaseOrderId: string;
  readonly isbn: string;
  /** Pieces in this delivery, 1 or more. */
  readonly quantity: number;
}

export type StockReceived = StockLevel;
