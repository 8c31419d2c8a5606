/** A comment that a user writes about a book. */
export interface Comment {
  readonly id: string;
  /** The author's mail address. */
  readonly author: string;
  readonly text: string;
}

/** The front keeps comments here for the parsing engines: on disk before the user is told. */
export const receivedComments = { stream: 'LAB_COMMENTS', subject: 'lab.comment.received' };

/** The comments of workflows, kept by their first step. */
export const keptComments = { stream: 'LAB_KEPT_COMMENTS', subject: 'lab.comment.kept' };

/** The comments that every reader sees. */
export const postedComments = { stream: 'LAB_POSTED_COMMENTS', subject: 'lab.comment.posted' };

/** The channel of the workflows and activities of the comment service. */
export const commentQueue = 'lab-comment-queue';

/** The update that answers when the first step is done. */
export const keptUpdate = 'kept';

/** The answer to a user: posted or refused after the parsing, or accepted before it. */
export type Answer = 'posted' | 'refused' | 'accepted';
