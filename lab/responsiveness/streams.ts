import { randomUUID } from 'node:crypto';
import type { Broker, Delivery } from '../../broker-bridge/nats/broker.ts';
import { keptComments, postedComments, receivedComments, type Comment } from './comment.ts';

/** Makes the three streams; what they acknowledge is on disk. */
export async function ensureCommentStreams(broker: Broker): Promise<void> {
  const limits = { duplicateWindowSeconds: 120, maxBytes: 64 * 1024 * 1024, maxMessages: 100_000 };
  await broker.ensureStream({ ...named(receivedComments), ...limits, keeps: 'work-queue' });
  for (const kept of [keptComments, postedComments])
    await broker.ensureStream({ ...named(kept), duplicateWindowSeconds: 120, maxAgeDays: 1, keeps: 'broadcast' });
}

const named = ({ stream, subject }: typeof receivedComments) => ({ name: stream, subjects: [subject] });

/** Resolves when the stream has the comment on disk. A repeat is kept once. */
export const publishComment = (broker: Broker, { subject }: typeof receivedComments, comment: Comment) =>
  broker.publish({ id: comment.id, subject, headers: {}, data: new TextEncoder().encode(JSON.stringify(comment)) });

/**
 * Resolves when the queue has the comments on disk, as one message. The id is a new one each time: a comment that is
 * sent again may come in another group, which must not be taken for the first.
 */
export const queueComments = ({ publish }: Broker, comments: readonly Comment[]) =>
  publish({
    id: randomUUID(),
    subject: receivedComments.subject,
    headers: {},
    data: new TextEncoder().encode(JSON.stringify(comments)),
  });

/** The comments of one message of the queue. */
export const commentsIn = ({ data }: Delivery): readonly Comment[] =>
  JSON.parse(new TextDecoder().decode(data)) as readonly Comment[];
