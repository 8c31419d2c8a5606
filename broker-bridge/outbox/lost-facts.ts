import { factStream } from '../../contracts/facts.ts';
import type { Broker, StreamInfo } from '../nats/broker.ts';
import type { Log } from '../component.ts';
import type { OutboxClaim } from './claim.ts';

/** The outbox is compared with the stream of this broker. */
interface Comparing {
  readonly claim: Pick<OutboxClaim, 'knownStream' | 'noteStream' | 'publishLostAgain'>;
  readonly broker: Pick<Broker, 'streamInfo'>;
  readonly log: Log;
}

/**
 * Has the facts published again that the stream once had and has lost: it was deleted, emptied, or put back from an old
 * copy. The outbox knows by the sequences that the stream gave. Listeners drop what they had seen. Resolves with the
 * stream as it is.
 */
export async function publishLostAgain({ claim, broker, log }: Comparing): Promise<StreamInfo> {
  const stream = await broker.streamInfo(factStream.name);
  if (!stream) throw new Error(`There is no stream ${factStream.name}.`);
  const known = await claim.knownStream();
  const isAnew = known !== null && known !== stream.created;
  const facts = await claim.publishLostAgain({ isAnew, first: stream.firstSequence, last: stream.lastSequence });
  if (known !== stream.created) await claim.noteStream(stream.created);
  if (facts > 0) log.error({ facts }, 'The stream of facts has lost some; they are published again');
  return stream;
}

/** The stream was emptied, put back or made anew while the relay published. Its next session finds what is missing. */
export class StreamLostData extends Error {
  override readonly name = 'StreamLostData';
}

/**
 * Throws `StreamLostData` unless the stream is still the one that a session began with. `acknowledged` is the highest
 * sequence that it has given since.
 */
export function requireSameStream(begun: StreamInfo, now: StreamInfo | null, acknowledged: number): void {
  const isSame =
    now !== null &&
    now.created === begun.created &&
    now.lastSequence >= Math.max(begun.lastSequence, acknowledged) &&
    now.firstSequence <= begun.lastSequence + 1 &&
    (now.messages > 0 || begun.messages === 0);
  if (!isSame) throw new StreamLostData('The stream of facts is not what it was: it has lost facts.');
}
