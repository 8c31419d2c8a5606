import type { OrderLine } from './place-order.ts';
import type { Command } from './command.ts';

/** Work done on `inventory-queue`. Every command is safe to repeat with the same `requestId`. */
export interface InventoryProcessor {
  /**
   * Makes the stock that the order has taken equal to `lines`, all of them or none: it takes stock at first, and takes
   * more or puts back after an amendment. Refused with `OutOfStock` (details: the lines that are short). With `orWait`
   * the order then stands on the waiting list. Refused with `Superseded` when a later round came first. Fact:
   * `inventory-updated`.
   */
  adjustInventory(command: AdjustInventory): Promise<InventoryUpdated>;
  /**
   * Puts back the stock that the order took or that was put aside for it, and takes the order off the waiting list;
   * does nothing when there was nothing. An adjustment that arrives later takes nothing. The pieces are put aside for
   * the orders that wait, oldest first, in the same transaction. Fact: `inventory-released`.
   */
  releaseInventory(command: ReleaseInventory): Promise<InventoryReleased>;
  /**
   * Books a delivery of the supplier, and puts it aside for the orders that wait for the title, oldest first, in the
   * same transaction, so that a newer order cannot take it. Fact: `stock-replenished`, with the title as its key.
   */
  receiveStock(command: ReceiveStock): Promise<StockReceived>;
  /**
   * Puts pieces that a customer sent back on the shelf, and puts them aside for the orders that wait, as `receiveStock`
   * does. Fact: `inventory-restocked`.
   */
  restockReturn(command: RestockReturn): Promise<StockReturned>;
}

export interface AdjustInventory extends Command {
  /** 1, 2, 3 …: the last part of the request id. A lower one that arrives late takes no effect. */
  readonly round: number;
  readonly lines: readonly OrderLine[];
  /** True puts an order that is short on the waiting list, at the place of its first try. */
  readonly orWait: boolean;
  /** The workflow to tell when everything the order waits for is put aside. */
  readonly workflowId: string;
  /** By the order's policy, for those who hear the fact; the mediator when it is left out. */
  readonly reorderedBy?: ReorderedBy;
}

/**
 * `mediator`: step 3 commands it, and the order waits for the answer. `listeners`: `restock` tells `stock-low`,
 * `supplier-desk` hears it and asks warehouse, and no order knows of it.
 */
export const reorderPolicies = ['mediator', 'listeners'] as const;

export type ReorderedBy = (typeof reorderPolicies)[number];

/** A waiting order for which everything it is short of has been put aside. */
export interface ReadyOrder {
  readonly orderId: string;
  readonly workflowId: string;
}

export interface StockLevel {
  readonly isbn: string;
  /** Free pieces: those put aside for waiting orders do not count. */
  readonly onHand: number;
}

/** A level as the fact tells it. A title without a reorder rule has no more than its free pieces. */
export interface ToldLevel extends StockLevel {
  /** Pieces that open purchase orders have still to bring. */
  readonly onOrder?: number;
  /** The title is to be re-ordered when no more than this is left. */
  readonly reorderPoint?: number;
}

export interface InventoryUpdated {
  /** The free pieces of each title of the order. */
  readonly levels: readonly StockLevel[];
  /**
   * Waiting orders that now have all they were short of, because an amendment put something back. The mediator tells
   * them.
   */
  readonly ready: readonly ReadyOrder[];
}

export type ReleaseInventory = Command;

export interface InventoryReleased {
  /** The lines that went back; empty when nothing had been taken. */
  readonly released: readonly OrderLine[];
  /** Waiting orders that now have all they were short of. The mediator tells them. */
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
  /** Waiting orders that now have all they were short of. The mediator tells them. */
  readonly ready: readonly ReadyOrder[];
}

export interface RestockReturn extends Command {
  /** The titles that can be sold again; not more than the order took. */
  readonly lines: readonly OrderLine[];
}

export interface StockReturned {
  /** Waiting orders that now have all they were short of. The mediator tells them. */
  readonly ready: readonly ReadyOrder[];
}
