import { startCrew, type Crew } from './crew.ts';
import { cases, type Case } from './matrix.ts';
import { longestAttempt } from './plans.ts';
import { cast, play, type Cast, type Played, type Stage } from './play.ts';

/**
 * First what is done late, while nobody else is in the way: its first attempt has to begin within its retry time. Then the
 * cases whose workers are killed, all at one moment; then, on new workers, the rest beside them.
 */
export async function playAll(stage: Stage): Promise<readonly Played[]> {
  const { rig } = stage.shop;
  const crew = await startCrew(rig);
  const nobody = Promise.resolve();
  const late = await cast(stage, cases.filter(isLate));
  const alone = await Promise.all(late.map((part) => play(stage, part, nobody)));
  const doomed = await cast(stage, cases.filter(isDoomed));
  const killed = killWhenAllHang(stage, crew, doomed);
  const first = Promise.all(doomed.map((part) => play(stage, part, killed)));
  await killed;
  await startCrew(rig);
  const others = await cast(
    stage,
    cases.filter((one) => !isLate(one) && !isDoomed(one)).toSorted((one, other) => lasts(other) - lasts(one)),
  );
  const second = Promise.all(others.map((part) => play(stage, part, nobody)));
  return [...alone, ...(await first), ...(await second)];
}

/** What takes longest begins first. */
const lasts = ({ tested, trouble }: Case): number => (trouble === 'after' ? longestAttempt(tested) : 0);

const isLate = ({ trouble }: Case): boolean => trouble === 'late';

const isDoomed = ({ trouble }: Case): boolean => trouble === 'killed';

async function killWhenAllHang({ database }: Stage, crew: Crew, doomed: readonly Cast[]): Promise<void> {
  await Promise.all(doomed.flatMap(({ trouble }) => (trouble ? database.met(trouble, trouble.nth) : [])));
  await crew.kill();
}
