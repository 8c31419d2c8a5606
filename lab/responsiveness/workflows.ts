import { condition, proxyActivities, proxyLocalActivities, setHandler, defineUpdate } from '@temporalio/workflow';
import type { CommentActivities } from './activities.ts';
import { keptUpdate, type Answer, type Comment } from './comment.ts';

const { parse, post, tellAuthor } = proxyActivities<CommentActivities>({ startToCloseTimeout: '30 seconds' });
const { keep } = proxyLocalActivities<CommentActivities>({ startToCloseTimeout: '5 seconds' });

/** Early return: answers its update when the comment is kept, and then parses it. */
export async function postComment(comment: Comment): Promise<Answer> {
  let isKept = false;
  setHandler(defineUpdate<Answer>(keptUpdate), async (): Promise<Answer> => {
    await condition(() => isKept);
    return 'accepted';
  });
  await keep(comment);
  isKept = true;
  const word = await parse(comment);
  if (word === null) await post(comment);
  else await tellAuthor(comment, word);
  return word === null ? 'posted' : 'refused';
}

/**
 * The workflow processor of a comment that the consumer refused. No rule may change an author's words, so it goes back
 * to its author.
 */
export const returnComment = (comment: Comment, word: string): Promise<void> => tellAuthor(comment, word);
