import { expect, test } from 'vitest';
import { inScratch } from '../../../lab/kit/scratch.ts';
import { closed, openSite } from '../../../lab/data-loss/measurement.ts';
import { runWithKills } from '../../../lab/data-loss/run.ts';

test('with all three holes closed, kills of every part lose no message and double none', { timeout: 180_000 }, () =>
  inScratch(async (scratch) => {
    const site = await openSite(scratch);
    const ran = await runWithKills(site, { ...closed, run: 'test', messages: 400, killsEach: 1, seed: 7 });
    expect(ran).toEqual({ done: 400, doubled: 0, lost: 0, kills: 3 });
  }),
);
