import type { FactName } from '../facts.ts';
import { object, oneOf, text, type CatalogueEntry } from './fact-fields.ts';

/** The facts of webhooks; the key is the webhook's id. */
export const webhookFacts = {
  'webhook-switched-off': {
    version: 1,
    when: 'A webhook was switched off by its listener: its endpoint is gone, or has failed for too long.',
    by: 'webhooks',
    schema: object({
      webhookId: text('the webhook'),
      reason: oneOf('why', ['gone', 'failing']),
      failingSince: text('').nullable().describe('ISO 8601; null for an endpoint that is gone'),
    }),
    example: { webhookId: 'wh_0123456789abcdef', reason: 'failing', failingSince: '2026-11-18T10:15:30.250Z' },
  },
} as const satisfies { readonly [Name in FactName]?: CatalogueEntry<Name> };
