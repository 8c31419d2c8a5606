import { setTimeout as sleep } from 'node:timers/promises';
import { brakeChannel, releaseChannel } from '../../app/channels.ts';
import { releaseSteps } from '../../contracts/channel-brakes.ts';
import { payment, type PressureStage } from './stage.ts';

/** One part of the story, by name, from when to when. */
export interface Phase {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Seconds of each phase. */
export const lengths = { steady: 12, slow: 20, stopped: 20, back: 25, braked: 15, step: 5 } as const;

/** Plays what happens to payment, one phase after the other, and notes when each began. */
export async function playPhases(
  { shop, setSlots }: PressureStage,
  now: () => number,
  say: (line: string) => void,
): Promise<readonly Phase[]> {
  const phases: Phase[] = [];
  const phase = async (name: string, seconds: number, begin: () => Promise<unknown> = () => Promise.resolve()) => {
    say(name);
    const from = now();
    await begin();
    await sleep(seconds * 1000);
    phases.push({ name, from, to: now() });
  };
  const actor = 'lab';
  const reason = 'The lab looks at what waits.';
  await phase('steady', lengths.steady);
  await phase('slowed to a tenth', lengths.slow, () => setSlots(payment.slowSlots));
  await phase('back after slow', lengths.back, () => setSlots(payment.slots));
  await phase('stopped', lengths.stopped, () => setSlots(0));
  await phase('back after stop', lengths.back, () => setSlots(payment.slots));
  await phase('braked', lengths.braked, () => brakeChannel(shop, 'payment', { reason, actor }));
  for (const step of releaseSteps)
    await phase(`released to ${step}/s`, lengths.step, () => releaseChannel(shop, 'payment', { actor }));
  await phase('brake off', lengths.back, () => releaseChannel(shop, 'payment', { actor }));
  return phases;
}
