import { readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { commandsSwapped, withChangedWorkflows, type Change } from '../support/changed-workflows.ts';
import { bundleOf } from '../../workers/workflow-code.ts';

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const recorded: unknown = JSON.parse(
  readFileSync(new URL('./histories/order-completed.json', import.meta.url), 'utf8'),
);

const replayWith = (change: Change): Promise<void> =>
  withChangedWorkflows(change, async (folder) => {
    const code = await bundleOf(folder, silent);
    await Worker.runReplayHistory({ workflowBundle: { code } }, recorded, 'order/completed');
  });

it('two commands in another order are caught by a recorded history', async () => {
  await expect(replayWith(commandsSwapped)).rejects.toThrow(/[Nn]on-?determinis/);
});

it('another text is not: it may change freely', async () => {
  const otherText = { file: 'kit/steps.ts', from: /\| step \|/, to: '| stage |' };
  await replayWith(otherText);
});
