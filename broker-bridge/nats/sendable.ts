import type { Message } from './broker.ts';

/** Whether it can be sent as a header. NATS's clients differ in what they let through, so what came need not be one. */
export const isHeader = ([name, value]: readonly [string, string]): boolean =>
  /^[\x21-\x39\x3b-\x7e]+$/.test(name) && !/[\r\n]/.test(value);

/** Headers without those that cannot be sent: a message that goes back would be refused for ever because of them. */
export const sendableHeaders = (headers: Message['headers']): Message['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(isHeader));
