import type { Address } from '../address.ts';

/** The initiating event `customer-registered`: somebody became a customer. Simple: the customer is created and welcomed. */
export interface CustomerRegistered {
  /** `[A-Za-z0-9._-]{1,64}` */
  readonly customerId: string;
  readonly name: string;
  /** Lower case, as the mail server takes it. */
  readonly email: string;
}

/** The initiating event `address-changed`: where a customer lives now. Simple: it is written down. */
export interface AddressChanged {
  readonly customerId: string;
  readonly address: Address;
}
