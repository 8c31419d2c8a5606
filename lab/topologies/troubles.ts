import type { Table } from '../kit/report.ts';
import { shown, spreadOf, type Spread } from '../kit/spread.ts';
import { deadPayment, whereabouts } from './dead-payment.ts';
import { declinedCard } from './declined-card.ts';
import { killedAtWork } from './killed-at-work.ts';
import { lostFact, lostMessage } from './lost-message.ts';
import { restart } from './restart.ts';
import type { Side, SideName } from './sides.ts';
import type { Outcome, Trouble } from './trouble.ts';

/** By the names that the figures have. */
const all = { declinedCard, deadPayment, killedAtWork, lostFact, lostMessage, restart } as const;

type TroubleName = keyof typeof all;

/** The outcomes of one trouble on one side, a run each. */
export interface Found {
  readonly key: TroubleName;
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
  for (const [key, trouble] of Object.entries(all) as [TroubleName, Trouble][]) {
    const outcomes = new Map<SideName, Outcome[]>(sides.map(({ name }) => [name, []]));
    for (let run = 1; run <= runs; run += 1)
      await Promise.all(sides.map(async (side) => outcomes.get(side.name)?.push(await trouble.run(side))));
    for (const { name: side } of sides) {
      const [first, ...more] = outcomes.get(side) ?? [];
      if (!first) continue;
      found.push({ key, trouble, side, outcomes: [first, ...more] });
      say(`${trouble.name}, ${side}: finished ${first.finished}; hung ${first.hung}; noticed by ${first.noticedBy}`);
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
    rows: Object.values(all).map(({ name, rule }) => [name, rule]),
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
  const spread = spreadIn(outcomes, of);
  return spread ? shown(spread) : '-';
}

function spreadIn(outcomes: readonly Outcome[], of: 'finishedMs' | 'noticedMs'): Spread | null {
  const values = outcomes.flatMap((outcome) => outcome[of] ?? []);
  return values.length === 0 ? null : spreadOf(values);
}

/** For programs: every trouble on every side, and the answers to "where is my order?". */
export const troubleFigures = (found: readonly Found[]): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(
    Object.keys(all).map((key) => [key, found.filter((one) => one.key === key).map(troubleFigure)]),
  ),
  whereIsMyOrder: [...whereabouts].map(([side, answers]) => ({
    side,
    asked: answers[0]?.asked,
    ms: spreadOf(answers.map(({ ms }) => ms)),
    answer: answers[0]?.answer,
  })),
});

const troubleFigure = ({ side, outcomes }: Found) => ({
  side,
  noticedMs: spreadIn(outcomes, 'noticedMs'),
  finishedMs: spreadIn(outcomes, 'finishedMs'),
  runs: outcomes,
});
