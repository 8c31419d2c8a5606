import { dataschemaOf } from '../../contracts/cloud-events.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import type { EventFault } from '../../contracts/mediators/repair.ts';
import { supplierDeliveries, type StockDelivered } from '../../contracts/outside/supplier-deliveries.ts';
import { problemsIn, type Problem } from '../../contracts/schemas/problem.ts';
import { readEventJson } from '../../contracts/schemas/read-json.ts';
import { stockDelivered } from '../../contracts/schemas/supplier-deliveries.ts';
import { problemOfMode, toBinaryMode } from '../cloud-events/content-mode.ts';
import type { Message } from '../nats/broker.ts';

export type ReadDelivery =
  { readonly ok: true; readonly delivered: StockDelivered } | { readonly ok: false; readonly fault: EventFault };

const { eventName } = supplierDeliveries;

/** Reads a delivery as the supplier sends it, a CloudEvent. A pure function, which throws for no message. */
export function readDelivery(given: Message): ReadDelivery {
  const message = toBinaryMode(given);
  const headers = problemsOfHeaders(message);
  if (headers.length > 0)
    return bad('bad-headers', `The delivery's headers cannot be used: ${sentences(headers)}.`, headers);
  const body = readEventJson(message.data);
  if (!body.ok) return bad(body.reason, body.message);
  const parsed = stockDelivered.safeParse(body.value);
  if (parsed.success) {
    const { purchaseOrderId, deliveryId, quantity } = parsed.data;
    return { ok: true, delivered: { purchaseOrderId, deliveryId, quantity } };
  }
  const problems = problemsIn(parsed.error, 'the delivery');
  return bad('bad-body', `The delivery cannot be used: ${sentences(problems)}.`, problems);
}

function problemsOfHeaders(message: Message): readonly Problem[] {
  const mode = problemOfMode(message);
  if (mode) return [{ field: eventHeaders.contentType, message: mode }];
  const { [eventHeaders.type]: type, [eventHeaders.dataschema]: schema } = message.headers;
  return [
    ...(type === eventName ? [] : [{ field: eventHeaders.type, message: `must be ${eventName}` }]),
    ...(schema === undefined || schema === dataschemaOf(eventName)
      ? []
      : [{ field: eventHeaders.dataschema, message: `must be ${dataschemaOf(eventName)}, or left out` }]),
  ];
}

const bad = (reason: EventFault['reason'], message: string, problems: readonly Problem[] = []): ReadDelivery => ({
  ok: false,
  fault: { reason, message, problems },
});

const sentences = (problems: readonly Problem[]): string =>
  problems.map(({ field, message }) => `${field} ${message}`).join('; ');
