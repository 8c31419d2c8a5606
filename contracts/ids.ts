import type { CommandName } from './command-routes.ts';
import type { EventOrigin } from './initiating-event.ts';

/** The workflow of an order: one per request, for ever. */
export const orderWorkflowId = (requestId: string): string => `order/${requestId}`;

/** The workflow of a customer's event: one per event, for ever. Both may hold a `/`; the one behind the source is the first that is none of its own. */
export const customerWorkflowId = ({ source, id }: Pick<EventOrigin, 'source' | 'id'>): string =>
  `customer/${source.replaceAll('%', '%25').replaceAll('/', '%2F')}/${id}`;

/** The workflow of a return: one per request, for ever. */
export const returnWorkflowId = (requestId: string): string => `return/${requestId}`;

/** The workflow that repairs one erroneous event. */
export const repairWorkflowId = (caseId: string): string => `repair/${caseId}`;

export const replenishmentWorkflowId = (purchaseOrderId: string): string => `replenishment/${purchaseOrderId}`;

/** The update that returns the order id: a repeat attaches to the same answer, another body has another id. */
export const placeUpdateId = (bodyHash: string): string => `place/${bodyHash}`;

/** `<orderId>/<command>[/<kind>]/<round>`. The first round is 1. */
export const commandRequestId = (orderId: string, command: CommandName, round: number, kind?: string): string =>
  kind ? `${orderId}/${command}/${kind}/${round}` : `${orderId}/${command}/${round}`;

/** The kind in such an id; undefined when the command has none. */
export const kindInRequestId = (requestId: string): string | undefined => {
  const parts = requestId.split('/');
  return parts.length === 4 ? parts[2] : undefined;
};

export const createOrderRequestId = (requestId: string): string => `${requestId}/create-order`;
