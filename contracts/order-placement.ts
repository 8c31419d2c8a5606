import type { Money } from './money.ts';
import type { OrderLine, PlaceOrder } from './place-order.ts';
import type { Request, Command } from './command.ts';
import type { ReturnOutcomeName } from './mediators/returns.ts';
import type { Address } from './address.ts';
import type {
  AddressChanged,
  CustomerRegistered,
  CustomerUnreachable,
  EmailChanged,
} from './mediators/customer-mediator.ts';

/** Work done on `order-placement-queue`. Every command is safe to repeat with the same `requestId`. */
export interface OrderPlacementProcessor {
  /**
   * Writes the order with a snapshot of today's prices and the flat shipping rate of the country.
   * Refused with `UnknownCustomer` or `UnknownTitle`: then nothing is stored. Fact: `order-created`.
   */
  createOrder(command: CreateOrder): Promise<OrderCreated>;
  /**
   * Changes lines and address, all or nothing, and prices the order anew: titles that stay keep their price, new ones
   * get today's, and shipping is the rate of the country. Refused with `UnknownTitle`: then nothing has changed. Fact:
   * `order-amended`.
   */
  amendOrder(command: AmendOrder): Promise<OrderAmended>;
  /** Marks the order cancelled; does nothing when it was never written. Fact: `order-cancelled`. */
  cancelOrder(command: CancelOrder): Promise<OrderCancelled>;
  /**
   * Writes the customer. A customer who is there already with the same name and mail address is fine. Refused with
   * `CustomerIdTaken`: then nothing is stored. Fact: `customer-created`.
   */
  registerCustomer(command: RegisterCustomer): Promise<CustomerCreated>;
  /**
   * Stores the customer's new address. Refused with `UnknownCustomer`: then nothing is stored. Fact:
   * `customer-address-changed`.
   */
  changeAddress(command: ChangeAddress): Promise<AddressStored>;
  /**
   * Stores the customer's new mail address: mails are taken to reach it. Mails about orders that were placed before go
   * on to the old one. A change that happened before the one that is stored has no effect. Refused with
   * `UnknownCustomer`: then nothing is stored. Fact: `customer-email-changed`.
   */
  changeEmail(command: ChangeEmail): Promise<EmailStored>;
  /**
   * Marks the customer as one whom mails do not reach, until the mail address is changed. Does nothing to one who is
   * marked, or whose mail address is newer than the one that the mail went to. Refused with `UnknownCustomer`. Fact:
   * `customer-marked-unreachable`.
   */
  markUnreachable(command: MarkUnreachable): Promise<ReachKnown>;
  /**
   * Reserves the pieces that are to go back, so that no other return can name them. They are titles of the order, not
   * more than were bought and are not going back already. Answers with the prices paid. Refused with `NotReturnable`:
   * then nothing is stored. Fact: `return-opened`.
   */
  openReturn(command: OpenReturn): Promise<ReturnOpened>;
  /** Records the accepted pieces of a return; the rest may be returned again. Fact: `return-closed`. */
  closeReturn(command: CloseReturn): Promise<ReturnClosed>;
  /**
   * Changes the price of a title in one currency, for orders that come after it. The same price as before changes
   * nothing. Refused with `UnknownTitle`, also for a currency that the title is not sold in; an amount below 1 is a
   * lasting fault. Fact: `price-changed`, when it was changed.
   */
  changePrice(command: ChangePrice): Promise<PriceStored>;
}

/** The command that creates the order of an initiating event. */
export const createOrderCommand = (
  { customerId, currency, lines, shipTo }: PlaceOrder,
  { orderId, requestId }: Command,
): CreateOrder => ({ orderId, requestId, customerId, currency, lines, shipTo });

export interface CreateOrder extends Command {
  readonly customerId: string;
  readonly lines: readonly OrderLine[];
  readonly shipTo: Address;
  readonly currency: Money['currency'];
}

export interface OrderCreated {
  readonly orderId: string;
  readonly lines: readonly PricedLine[];
  /** The flat rate of the country, contained in `total`. */
  readonly shipping: Money;
  readonly total: Money;
  readonly customer: Recipient;
}

export interface PricedLine extends OrderLine {
  readonly title: string;
  readonly unitPrice: Money;
}

/** The customer who gets the mails about an order. */
export interface Recipient {
  readonly name: string;
  readonly email: string;
}

export interface AmendOrder extends Command {
  /** All lines after the amendment. */
  readonly lines: readonly OrderLine[];
  readonly shipTo: Address;
}

export interface OrderAmended {
  readonly lines: readonly PricedLine[];
  /** The flat rate of the country, contained in `total`. */
  readonly shipping: Money;
  readonly total: Money;
}

export interface CancelOrder extends Command {
  /** The reason, as one sentence for people. */
  readonly reason: string;
}

export interface OrderCancelled {
  /** False when there was nothing to cancel. */
  readonly cancelled: boolean;
}

export interface RegisterCustomer extends Request, CustomerRegistered {}

export interface CustomerCreated {
  /** False when the customer was there already, with the same data. */
  readonly isNew: boolean;
}

export interface ChangeAddress extends Request, AddressChanged {
  /** When the customer moved, by the producer of the event. An address of a later instant stays. */
  readonly happenedAt?: string | undefined;
}

export interface AddressStored {
  readonly customerId: string;
}

export interface ChangeEmail extends Request, EmailChanged {
  /** When the customer changed it, by the producer of the event. A mail address of a later instant stays. */
  readonly happenedAt?: string | undefined;
}

export interface EmailStored {
  readonly customerId: string;
}

export interface MarkUnreachable extends Request, CustomerUnreachable {}

export interface ReachKnown {
  readonly customerId: string;
}

export interface OpenReturn extends Command {
  /** The request id of the return. */
  readonly returnId: string;
  readonly customerId: string;
  readonly lines: readonly OrderLine[];
  /** True when the order is completed in the mediator store: only such an order can go back. */
  readonly isCompleted: boolean;
}

export interface ReturnOpened {
  /** The lines that are to go back, at the prices paid. */
  readonly lines: readonly PricedLine[];
  /** The price paid for shipping the order. */
  readonly shipping: Money;
  readonly customer: Recipient;
}

export interface CloseReturn extends Command {
  readonly returnId: string;
  readonly outcome: ReturnOutcomeName;
  /** The accepted lines; none when the return was declined or has lapsed. */
  readonly accepted: readonly OrderLine[];
}

export interface ReturnClosed {
  /** True when every piece of the order has gone back, with this return. */
  readonly wholeOrder: boolean;
}

export interface ChangePrice extends Request {
  readonly isbn: string;
  readonly price: Money;
}

export interface PriceStored {
  readonly isbn: string;
  readonly price: Money;
  /** The price until then, in the same currency. */
  readonly before: Money;
  /** False when it was the same. */
  readonly isChanged: boolean;
}
