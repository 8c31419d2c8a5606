import { createHash } from 'node:crypto';

/** The Message-ID of a request id's mail: always the same, and free of anything a header could trip over. */
export const messageIdOf = (requestId: string): string =>
  `<${createHash('sha256').update(requestId).digest('hex').slice(0, 40)}@order-mediator.example>`;
