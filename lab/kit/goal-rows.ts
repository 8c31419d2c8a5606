import type { Table } from './report.ts';
import { shown, spreadOf } from './spread.ts';

/** A figure with its goal, and its value in every run. */
export interface GoalRow {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly digits?: number;
}

/** Goals beside what was measured. */
export const goalTable = (title: string, rows: readonly GoalRow[]): Table => ({
  title,
  columns: ['', 'goal', 'median (min to max)', 'unit', ''],
  rows: rows.map((row) => [row.what, wantedOf(row), shown(spreadOf(row.values), row.digits), row.unit, verdictOf(row)]),
});

function wantedOf({ atLeast, atMost }: GoalRow): string {
  if (atLeast !== undefined) return `at least ${atLeast}`;
  return atMost === undefined ? '' : `at most ${atMost}`;
}

function verdictOf({ values, atLeast, atMost }: GoalRow): string {
  if (atLeast === undefined && atMost === undefined) return '';
  const { median } = spreadOf(values);
  return median >= (atLeast ?? -Infinity) && median <= (atMost ?? Infinity) ? 'met' : 'missed';
}
