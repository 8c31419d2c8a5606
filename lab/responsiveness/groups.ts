import type { Comment } from './comment.ts';

/** One comment, and who waits for it. */
interface Waiting {
  readonly comment: Comment;
  settle(written: Promise<unknown>): void;
}

/** A message is 1 MB at most. */
const mostInAGroup = 200;

/**
 * Writes comments in groups: those that come while a write is under way go together in the next one. Each resolves when
 * its group is written, and rejects when its group could not be.
 */
export function inGroups(write: (comments: readonly Comment[]) => Promise<unknown>) {
  const waiting: Waiting[] = [];
  let isWriting = false;
  const writeAll = async () => {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, mostInAGroup);
      const writing = write(group.map(({ comment }) => comment));
      for (const { settle } of group) settle(writing);
      await writing.catch(() => undefined); // those that wait are told
    }
    isWriting = false;
  };
  return (comment: Comment): Promise<unknown> => {
    const written = new Promise<unknown>((settle) => waiting.push({ comment, settle }));
    if (!isWriting) void writeAll();
    return written;
  };
}
