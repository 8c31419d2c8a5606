import { describe, expect, test } from 'vitest';
import type { Comment } from '../../../lab/responsiveness/comment.ts';
import { inGroups } from '../../../lab/responsiveness/groups.ts';

const comment = (id: string): Comment => ({ id, author: 'ann@example.com', text: '' });

/** Writes that end when the test says so. */
function heldWrites() {
  const groups: { readonly ids: readonly string[]; readonly end: (error?: Error) => void }[] = [];
  const write = (comments: readonly Comment[]) =>
    new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => (error ? reject(error) : resolve());
      groups.push({ ids: comments.map(({ id }) => id), end });
    });
  return { groups, write };
}

const aMoment = () => new Promise((resolve) => setImmediate(resolve));

describe('comments written in groups', () => {
  test('that come while a write is under way go together in the next one', async () => {
    const { groups, write } = heldWrites();
    const keep = inGroups(write);
    const kept = ['a', 'b', 'c'].map((id) => keep(comment(id)));
    expect(groups.map(({ ids }) => ids)).toEqual([['a']]);
    groups[0]?.end();
    await kept[0];
    await aMoment();
    expect(groups.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
    groups[1]?.end();
    await Promise.all(kept);
  });

  test('are told of the failure of their own group only', async () => {
    const { groups, write } = heldWrites();
    const keep = inGroups(write);
    const [first, second] = [keep(comment('a')), keep(comment('b'))];
    groups[0]?.end(new Error('The disk is full.'));
    await expect(first).rejects.toThrow('The disk is full.');
    await aMoment();
    groups[1]?.end();
    await expect(second).resolves.toBeUndefined();
  });
});
