import type { FactName } from '../facts.ts';
import { customerFacts } from './customer-facts.ts';
import { object, type CatalogueEntry } from './fact-fields.ts';
import { orderFacts } from './order-facts.ts';
import { processorFacts } from './processor-facts.ts';
import { problemsIn, type Problem } from './problem.ts';
import { stockFacts } from './stock-facts.ts';
import { webhookFacts } from './webhook-facts.ts';

/** The catalogue of facts: the one source of `docs/facts.md` and `docs/asyncapi.yaml`. */
export const factCatalogue: { readonly [Name in FactName]: CatalogueEntry<Name> } = {
  ...orderFacts,
  ...processorFacts,
  ...stockFacts,
  ...customerFacts,
  ...webhookFacts,
};

/** The version of a fact's schema; 1 for one that this version does not know. */
export const versionOfFact = (name: string): number =>
  Object.hasOwn(factCatalogue, name) ? factCatalogue[name as FactName].version : 1;

/**
 * The problems of a fact's body; none when a listener can read it. A fact that this version does not know need only be
 * an object.
 */
export function problemsOfFact(name: string, body: unknown): readonly Problem[] {
  const schema = Object.hasOwn(factCatalogue, name) ? factCatalogue[name as FactName].schema : object({});
  const parsed = schema.safeParse(body);
  return parsed.success ? [] : problemsIn(parsed.error, 'the fact');
}
