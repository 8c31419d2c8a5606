import { expect, it } from 'vitest';
import { createPruning } from '../../../activities/pruning/processor.ts';
import type { Query, SqlRunner } from '../../../prisma/statement.ts';

const ages = { facts: 45, seen: 60, answers: 90, cases: 90, histories: 180 };

/** So many rows are due in each of so many listeners; the batches are of 10. */
function pruningOf(due: number, listeners: number, cancellation = new AbortController().signal) {
  const left = new Map(Array.from({ length: listeners }, (_, n) => [`listener_${n}`, due]));
  const told = { beats: 0, lines: [] as unknown[] };
  const schemaIn = ({ sql }: Query<unknown>) =>
    [...left.keys()].find((schema) => sql.text.includes(`${schema}.`)) ?? '';
  const database: SqlRunner = {
    run: async (query) => [...left.keys()].map((schema) => query.decode({ schema })),
    execute: async (query) => {
      const schema = schemaIn(query);
      const rows = Math.min(10, left.get(schema) ?? 0);
      left.set(schema, (left.get(schema) ?? 0) - rows);
      return rows;
    },
  };
  const log = { info: (_: string, about?: object) => void told.lines.push(about), warn: () => undefined };
  const context = { attempt: 1, log, cancellation, heartbeat: () => void (told.beats += 1) };
  return { prune: createPruning({ database, ages, batch: 10 }, () => context).prune, told, left };
}

it('goes through every listener, however many there are, until nothing is due', async () => {
  const { prune, left, told } = pruningOf(9, 50);
  expect(await prune('seen')).toEqual({ rows: 207, isMore: true });
  expect(await prune('seen')).toEqual({ rows: 207, isMore: true });
  expect(await prune('seen')).toEqual({ rows: 36, isMore: false });
  expect([...left.values()].every((due) => due === 0)).toBe(true);
  expect(told.lines).toContainEqual({ kind: 'seen', rows: 36, isMore: false });
});

it('ends after twenty full batches and says that there is more, and is alive at each', async () => {
  const { prune, told } = pruningOf(250, 1);
  expect(await prune('seen')).toEqual({ rows: 200, isMore: true });
  expect(told.beats).toBe(20);
  expect(await prune('seen')).toEqual({ rows: 50, isMore: false });
  expect(await prune('seen')).toEqual({ rows: 0, isMore: false });
  expect(told.lines).toHaveLength(2);
});

it('leaves the rest when its worker is told to stop', async () => {
  const { prune } = pruningOf(250, 1, AbortSignal.abort());
  expect(await prune('seen')).toEqual({ rows: 10, isMore: true });
});
