import type { Message } from '../nats/broker.ts';

/** Headers as PostgreSQL can keep them. */
export const keepableHeaders = (headers: Message['headers']): Message['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [keepable(name), keepable(value)]));

/** PostgreSQL's text holds no NUL. */
export const keepable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');
