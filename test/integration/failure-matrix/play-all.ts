import { startCrew, type Crew } from './crew.ts';
import { cases } from './matrix.ts';
import { cast, play, type Cast, type Played, type Stage } from './play.ts';

/** First the cases whose workers are killed, all at one moment; then, on new workers, the rest beside them. */
export async function playAll(stage: Stage): Promise<readonly Played[]> {
  const { rig } = stage.shop;
  const crew = await startCrew(rig);
  const doomed = await cast(
    stage,
    cases.filter(({ trouble }) => trouble === 'killed'),
  );
  const killed = killWhenAllHang(stage, crew, doomed);
  const first = Promise.all(doomed.map((part) => play(stage, part, killed)));
  await killed;
  await startCrew(rig);
  const others = await cast(
    stage,
    cases.filter(({ trouble }) => trouble !== 'killed'),
  );
  const second = Promise.all(others.map((part) => play(stage, part, killed)));
  return (await Promise.all([first, second])).flat();
}

async function killWhenAllHang({ database }: Stage, crew: Crew, doomed: readonly Cast[]): Promise<void> {
  await Promise.all(doomed.flatMap(({ trouble }) => (trouble ? database.met(trouble, trouble.nth) : [])));
  await crew.kill();
}
