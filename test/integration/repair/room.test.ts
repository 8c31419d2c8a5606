import { afterAll, beforeAll, expect, it } from 'vitest';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import { replayEverything } from '../../support/replay-everything.ts';
import { until } from '../../support/until.ts';
import { erroneous, openStage, orderOf, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(undefined, { temporal: { settings: ['history.maxTotalUpdates=10'] } });
});
afterAll(() => stage?.rig.close());

const runOf = async (caseId: string) =>
  (await stage.client.workflow.getHandle(repairWorkflowId(caseId)).describe()).runId;

it('a case that was taken and edited more often than the server takes updates continues as new, and is sent back', async () => {
  const letter = erroneous(orderOf('a few'));
  const { caseId } = letter;
  await stage.send(letter, false);
  await stage.isIn(caseId, 'waiting');
  const first = await runOf(caseId);
  for (let time = 1; time <= 7; time += 1) {
    await stage.act(caseId, 'take', { actor: `Ada ${time}` });
    const edited = await stage.act(caseId, 'resubmit', { actor: 'Ada', body: JSON.stringify(orderOf('many')) });
    expect(edited.ok).toBe(false);
  }
  expect(await runOf(caseId)).not.toBe(first);
  expect((await stage.caseOf(caseId)).owner).toBe('Ada 7');
  await stage.act(caseId, 'resubmit', { actor: 'Ada', body: JSON.stringify(orderOf(2)) });
  await until(async () => (await stage.resubmitted(caseId)).length === 1, { what: 'the message on its way back' });
  await replayEverything(stage.client, new Set([repairWorkflowId(caseId)]));
});
