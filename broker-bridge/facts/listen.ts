import { factAreas, factStream, type Fact, type FactName } from '../../contracts/facts.ts';
import type { Broker, Message } from '../nats/broker.ts';
import { decodeFact, NotAFact } from './cloud-events.ts';
import { ensureFactStream } from '../nats/our-streams.ts';

/** Selects facts: all names by default; from now on by default, or with `all` from the oldest that the stream holds. */
export interface ListenOptions {
  readonly broker: Broker;
  readonly facts?: readonly FactName[] | undefined;
  readonly since?: 'now' | 'all' | undefined;
  /** Ends the listening. Leaving the loop ends it too. */
  readonly signal?: AbortSignal | undefined;
  /** Gets one sentence for each message that is no fact; the message is left out. */
  readonly onForeign?: ((warning: string) => void) | undefined;
}

/**
 * Facts as they are broadcast, in the stream's order, for an onlooker: nothing is acknowledged. A message that is no
 * fact is left out.
 */
export async function* listenToFacts({
  broker,
  facts = [],
  since = 'now',
  signal,
  onForeign,
}: ListenOptions): AsyncGenerator<Fact> {
  await ensureFactStream(broker);
  const named = facts.map((name) => `${factAreas[name]}.fact.${name}.*`);
  const subjects = named.length > 0 ? named : factStream.subjects;
  const messages = broker.follow({ stream: factStream.name, subjects, since, ...(signal ? { signal } : {}) });
  for await (const message of messages) {
    const fact = decodedOr(message, onForeign);
    if (fact) yield fact;
  }
}

function decodedOr(message: Message, onForeign: ListenOptions['onForeign']): Fact | null {
  try {
    return decodeFact(message);
  } catch (error) {
    if (!(error instanceof NotAFact)) throw error;
    onForeign?.(`A message on ${JSON.stringify(message.subject)} is no fact and is left out: ${error.message}`);
    return null;
  }
}
