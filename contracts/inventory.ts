import type { OrderLine } from './place-order.ts';
import type { Command } from './command.ts';

/** Work done on `inventory-queue`. Every command is safe to repeat with the same `requestId`. */
export interface InventoryProcessor {
  /**
   * Makes what the order has taken from stock equal to `lines`, all of them or none: at first that is taking them, after an amendment taking
   * more or putting back. Refused with `OutOfStock` (details: the lines that are short); with `orWait` the order then stands on the waiting
   * list. Refused with `Superseded` when a later round came first. Fact: `inventory-updated`.
   */
  adjustInventory(command: AdjustInventory): Promise<InventoryUpdated>;
  /**
   * Puts back what the order took or had been put aside for it, and takes it off the waiting list; does nothing when there was nothing. An adjustment
   * that arrives later takes nothing. What went back is put aside for those that wait, oldest first, in the same transaction. Fact: `inventory-released`.
   */
  releaseInventory(command: ReleaseInventory): Promise<InventoryReleased>;
  /**
   * Books a delivery of the supplier, and puts it aside for the orders that wait for the title, oldest first, in the same transaction: a newer
   * order cannot take it. Fact: `stock-replenished`, with the title as its key.
   */
  receiveStock(command: ReceiveStock): Promise<StockReceived>;
  /**
   * Puts pieces of an order that came back from the customer on the shelf, and hands them out to those that wait, as `receiveStock` does.
   * Fact: `inventory-restocked`.
   */
  restockReturn(command: RestockReturn): Promise<StockReturned>;
}

export interface AdjustInventory extends Command {
  /** 1, 2, 3 …: the last part of the request id. A lower one that arrives late takes no effect. */
  readonly round: number;
  readonly lines: readonly OrderLine[];
  /** Whether an order that is short is put on the waiting list, at the place of its first try. */
  readonly orWait: boolean;
  /** The workflow that is told when all the order waits for is put aside. */
  readonly workflowId: string;
}

/** A waiting order for which everything it is short of has been put aside. */
export interface ReadyOrder {
  readonly orderId: string;
  readonly workflowId: string;
}

export interface StockLevel {
  readonly isbn: string;
  /** Free pieces: what is put aside for waiting orders does not count. */
  readonly onHand: number;
}

export interface InventoryUpdated {
  /** What is left of each title of the order. */
  readonly levels: readonly StockLevel[];
  /** Waiting orders that have all they were short of now, because an amendment put something back; to be told. */
  readonly ready: readonly ReadyOrder[];
}

export type ReleaseInventory = Command;

export interface InventoryReleased {
  /** What went back; empty when nothing had been taken. */
  readonly released: readonly OrderLine[];
  /** Waiting orders that have all they were short of now; to be told. */
  readonly ready: readonly ReadyOrder[];
}

export interface ReceiveStock {
  /** `<purchase order>/receive-stock/<delivery id>` */
  readonly requestId: string;
  readonly purchaseOrderId: string;
  readonly isbn: string;
  /** Pieces in this delivery, 1 or more. */
  readonly quantity: number;
}

export interface StockReceived extends StockLevel {
  /** Waiting orders that have all they were short of now; to be told. */
  readonly ready: readonly ReadyOrder[];
}

export interface RestockReturn extends Command {
  /** What can be sold again; not more than the order took. */
  readonly lines: readonly OrderLine[];
}

export interface StockReturned {
  /** Waiting orders that have all they were short of now; to be told. */
  readonly ready: readonly ReadyOrder[];
}
