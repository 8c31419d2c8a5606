import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { Mailer } from '../../activities/notification/mailer.ts';
import { keptComments, postedComments, type Comment } from './comment.ts';
import type { createEngines } from './engines.ts';
import { publishComment } from './streams.ts';

/** The activities of the comment service. */
export type CommentActivities = ReturnType<typeof createCommentActivities>;

/** What the activities need. */
export interface CommentPorts {
  readonly broker: Broker;
  readonly engines: ReturnType<typeof createEngines>;
  readonly mailer: Mailer;
}

export const createCommentActivities = ({ broker, engines, mailer }: CommentPorts) => ({
  /** Keeps the comment on disk. */
  async keep(comment: Comment): Promise<void> {
    await publishComment(broker, keptComments, comment);
  },
  /** Resolves with the word that the engines refuse, or null. */
  parse: ({ text }: Comment): Promise<string | null> => engines.inTurn(text),
  async post(comment: Comment): Promise<void> {
    await publishComment(broker, postedComments, comment);
  },
  /** Sends the comment back to its author by mail, with the reason. */
  async tellAuthor({ id, author, text }: Comment, word: string): Promise<void> {
    const told = `Your comment was not posted, because of the word "${word}". You wrote: ${text}`;
    const handover = await mailer.whenFree(
      (send) =>
        send({
          messageId: `<${id}@comments.example>`,
          customerId: id,
          to: { name: author, address: author },
          subject: 'Your comment was not posted',
          text: told,
          html: '',
        }),
      AbortSignal.timeout(20_000),
    );
    if (!handover.taken) throw new Error(`The mail server does not take the mail about the comment ${id}.`);
  },
});
