import type { CommandName } from './command-routes.ts';
import type { EventOrigin } from './initiating-event.ts';

/** The form of every id and token that comes from outside. Each pattern is said here and nowhere else. */
export const idPatterns = {
  /** Chosen by the sender of a request. */
  requestId: /^[A-Za-z0-9_-]{8,64}$/,
  customerId: /^[A-Za-z0-9._-]{1,64}$/,
  /** Minted by the mediator store. */
  orderId: /^ord-[0-9a-f]{20}$/,
  /** The digits only; `isIsbn13` also checks the last one. */
  isbn: /^97[89]\d{10}$/,
  /** A token of the card gateway, never the number of a card. Only the gateway can say if it knows the card. */
  card: /^(?!\d{12,19}$)[A-Za-z0-9_]{1,128}$/,
} as const;

/** True for 13 digits that begin with 978 or 979 and end with the right check digit. Hyphens are not digits. */
export function isIsbn13(text: string): boolean {
  if (!idPatterns.isbn.test(text)) return false;
  const sum = Array.from(text, Number).reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** The workflow of an order: one per request, for ever. */
export const orderWorkflowId = (requestId: string): string => `order/${requestId}`;

/** The customer mediator: one workflow per customer, while any of the customer's events is open. */
export const customerWorkflowId = (customerId: string): string => `customer/${customerId}`;

/**
 * The request id of a command for a simple event: `event/<source>/<id>/<command>/1`. A `/` of the source is escaped, so
 * that two pairs of source and id never share one.
 */
export const eventRequestId = ({ source, id }: Pick<EventOrigin, 'source' | 'id'>, command: CommandName): string =>
  `event/${source.replaceAll('%', '%25').replaceAll('/', '%2F')}/${id}/${command}/1`;

/** The workflow of a return: one per request, for ever. */
export const returnWorkflowId = (requestId: string): string => `return/${requestId}`;

/** The workflow that repairs one dead letter. */
export const repairWorkflowId = (caseId: string): string => `repair/${caseId}`;

/** The workflow that follows one purchase order until everything is delivered. */
export const replenishmentWorkflowId = (purchaseOrderId: string): string => `replenishment/${purchaseOrderId}`;

/** The workflow of a bulk action. */
export const bulkWorkflowId = (bulkId: string): string => `bulk/${bulkId}`;

/** The update by which a bulk action acts on one order: the same for every attempt. */
export const bulkUpdateId = (bulkId: string, orderId: string): string => `${bulkWorkflowId(bulkId)}/${orderId}`;

/**
 * The update of an action: the id that the caller chose, and the content's hash, so that the same id with another
 * content is another update, which is refused.
 */
export const actionUpdateId = (chosen: string, contentHash: string): string => `${chosen}#${contentHash.slice(0, 16)}`;

/** The id that the caller chose. */
export const chosenId = (updateId: string): string => updateId.replace(/#[0-9a-f]{16}$/, '');

/** The update that returns the order id: a repeat attaches to the same answer, another body has another id. */
export const placeUpdateId = (bodyHash: string): string => `place/${bodyHash}`;

/** `<orderId>/<command>[/<kind>]/<round>`. The first round is 1. */
export const commandRequestId = (orderId: string, command: CommandName, round: number, kind?: string): string =>
  kind ? `${orderId}/${command}/${kind}/${round}` : `${orderId}/${command}/${round}`;

/** The kind in an id of `commandRequestId`; undefined when the command has none. */
export const kindInRequestId = (requestId: string): string | undefined => {
  const parts = requestId.split('/');
  return parts.length === 4 ? parts[2] : undefined;
};

/** The request id of `create-order`. There is no order id yet, so it comes from the request. */
export const createOrderRequestId = (requestId: string): string => `${requestId}/create-order`;

/** The request that `createOrderRequestId` was made from. */
export const requestOfCreate = (requestId: string): string => requestId.replace(/\/create-order$/, '');

/** The event in an id of `eventRequestId`, as `<source>/<id>`; null for a command about an order. */
export const requestOfEvent = (requestId: string): string | null =>
  /^event\/(.+)\/[a-z-]+\/1$/.exec(requestId)?.[1] ?? null;

/** The request id of `change-price`, and of the activity that does it, from the id that the caller chose. */
export const priceRequestId = (chosen: string): string => `price/${chosen}/change-price/1`;

/** The request id of a command that a listener sends: `listener/<name>/<message id>/<command>/1`. */
export const listenerRequestId = (listener: string, messageId: string, command: CommandName): string =>
  `listener/${listener}/${messageId}/${command}/1`;

/** The request id under which inventory books a delivery: once for its id. */
export const receiptRequestId = (purchaseOrderId: string, deliveryId: string): string =>
  `${purchaseOrderId}/receive-stock/${deliveryId}`;

/** True for a request id that this listener has given to a command. */
export const isListenersRequest = (listener: string, requestId: string | null): boolean =>
  requestId?.startsWith(`listener/${listener}/`) ?? false;
