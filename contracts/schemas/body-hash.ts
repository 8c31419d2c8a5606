import { createHash } from 'node:crypto';
import canonicalizeJson from 'canonicalize';

/** RFC 8785. The package's types describe its CommonJS shape, hence the cast. */
const canonicalize = canonicalizeJson as unknown as (value: unknown) => string | undefined;

/** SHA-256, hexadecimal, of an event's canonical JSON (RFC 8785): the same for the same event, whatever the order of its fields. */
export const bodyHash = (event: unknown): string =>
  createHash('sha256')
    .update(canonicalize(event) ?? '')
    .digest('hex');
