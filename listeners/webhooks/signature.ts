import { createHmac } from 'node:crypto';

/** A message as it is signed: its id, the instant of this attempt in whole seconds, and its body. */
export interface Signed {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks (standardwebhooks.com), with one signature for each secret: while a secret is
 * replaced, receivers may check with the old or the new one.
 */
export const signatureHeaders = (signed: Signed, secrets: readonly string[]): Readonly<Record<string, string>> => ({
  'webhook-id': signed.id,
  'webhook-timestamp': String(signed.timestamp),
  'webhook-signature': secrets.map((secret) => `v1,${signatureOf(signed, secret)}`).join(' '),
});

/** A secret is `whsec_` and the Base64 of its bytes. */
const signatureOf = ({ id, timestamp, body }: Signed, secret: string): string =>
  createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
