import type { Table } from '../kit/report.ts';
import { shown, spreadOf } from '../kit/spread.ts';
import { deadPayment, whereabouts } from './dead-payment.ts';
import { declinedCard } from './declined-card.ts';
import { killedAtWork } from './killed-at-work.ts';
import { lostFact, lostMessage } from './lost-message.ts';
import { restart } from './restart.ts';
import type { Side, SideName } from './sides.ts';
import type { Outcome, Trouble } from './trouble.ts';

const all: readonly Trouble[] = [declinedCard, deadPayment, killedAtWork, lostFact, lostMessage, restart];

/** The outcomes of one trouble on one side, a run each. */
export interface Found {
  readonly trouble: Trouble;
  readonly side: SideName;
  readonly outcomes: readonly Outcome[];
}

/** Makes each trouble on all sides at the same time: they have nothing in common, and mostly wait. */
export async function makeTroubles(
  sides: readonly Side[],
  runs: number,
  say: (line: string) => void,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const trouble of all) {
    const outcomes = new Map<SideName, Outcome[]>(sides.map(({ name }) => [name, []]));
    for (let run = 1; run <= runs; run += 1)
      await Promise.all(sides.map(async (side) => outcomes.get(side.name)?.push(await trouble.run(side))));
    for (const { name } of sides) {
      const [first, ...more] = outcomes.get(name) ?? [];
      if (!first) continue;
      found.push({ trouble, side: name, outcomes: [first, ...more] });
      say(`${trouble.name}, ${name}: finished ${first.finished}; hung ${first.hung}; noticed by ${first.noticedBy}`);
    }
  }
  return found;
}

/** The outcomes in words are those of the first run: the tests of the topology hold them the same. */
export const troubleTables = (found: readonly Found[]): readonly Table[] => [
  {
    title: 'What finishes, what hangs, who notices, and how long until somebody does',
    columns: ['trouble', 'topology', 'finishes', 'after (ms)', 'hangs', 'noticed by', 'after (ms)'],
    rows: found.map(({ trouble, side, outcomes }) => {
      const [first] = outcomes;
      const { finished = '', hung = '', noticedBy = '' } = first ?? {};
      return [trouble.name, side, finished, msOf(outcomes, 'finishedMs'), hung, noticedBy, msOf(outcomes, 'noticedMs')];
    }),
  },
  {
    title: 'How this was determined',
    columns: ['trouble', 'rule'],
    rows: all.map(({ name, rule }) => [name, rule]),
  },
  {
    title: 'Where is my order? Asked for the one whose payment was dead',
    columns: ['topology', 'parts asked', 'median (ms)', 'answer'],
    rows: [...whereabouts].map(([side, answers]) => {
      const [first] = answers;
      return [side, first?.asked ?? 0, shown(spreadOf(answers.map(({ ms }) => ms)), 1), first?.answer ?? ''];
    }),
  },
];

function msOf(outcomes: readonly Outcome[], of: 'finishedMs' | 'noticedMs'): string {
  const values = outcomes.flatMap((outcome) => outcome[of] ?? []);
  return values.length === 0 ? '-' : shown(spreadOf(values));
}

/** For programs: every run of every trouble, by name and side, and the answers to "where is my order?". */
export const troubleFigures = (found: readonly Found[]): Readonly<Record<string, unknown>> => ({
  outcomes: found.map(({ trouble, side, outcomes }) => ({ trouble: trouble.name, side, runs: outcomes })),
  whereIsMyOrder: Object.fromEntries(whereabouts),
});
