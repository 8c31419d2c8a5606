import { factStream } from '../../contracts/facts.ts';
import type { Broker, StreamInfo } from '../nats/broker.ts';
import type { Log } from '../component.ts';
import type { OutboxClaim } from './claim.ts';

/** The outbox is compared with the stream of this broker. */
interface Comparing {
  readonly claim: Pick<OutboxClaim, 'knownStream' | 'noteStream' | 'publishLostAgain'>;
  readonly broker: Pick<Broker, 'streamInfo' | 'removedSequences'>;
  readonly log: Log;
}

/**
 * Has the facts published again that the stream once had and has lost: it was deleted, emptied, put back from an old
 * copy, or single messages were removed. The outbox knows by the sequences that the stream gave. Listeners drop what
 * they had seen. Resolves with the stream as it is.
 */
export async function publishLostAgain({ claim, broker, log }: Comparing): Promise<StreamInfo> {
  const stream = await broker.streamInfo(factStream.name);
  if (!stream) throw new Error(`There is no stream ${factStream.name}.`);
  const known = await claim.knownStream();
  const isAnew = known !== null && known !== stream.created;
  const removed = stream.removed > 0 ? await broker.removedSequences(factStream.name) : [];
  const { firstSequence: first, lastSequence: last } = stream;
  const facts = await claim.publishLostAgain({ isAnew, first, last, removed });
  if (known !== stream.created) await claim.noteStream(stream.created);
  if (facts > 0) log.error({ facts }, 'The stream of facts has lost some; they are published again');
  return stream;
}

/**
 * The stream was emptied, put back or made anew while the relay published, or messages were removed. Its next session
 * finds what is missing.
 */
export class StreamLostData extends Error {
  override readonly name = 'StreamLostData';
}

/**
 * Throws `StreamLostData` unless the stream is still the one that a session began with. `acknowledged` is the highest
 * sequence that it has given since; `removed` the messages that were missing in its midst at the last look.
 */
export function requireSameStream(
  begun: StreamInfo,
  now: StreamInfo | null,
  { acknowledged, removed }: { readonly acknowledged: number; readonly removed: number },
): asserts now is StreamInfo {
  const isSame =
    now !== null &&
    now.created === begun.created &&
    now.lastSequence >= Math.max(begun.lastSequence, acknowledged) &&
    now.firstSequence <= begun.lastSequence + 1 &&
    now.removed <= removed &&
    (now.messages > 0 || begun.messages === 0);
  if (!isSame) throw new StreamLostData('The stream of facts is not what it was: it has lost facts.');
}
