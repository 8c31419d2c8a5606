import { readdirSync, readFileSync } from 'node:fs';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowCode } from '../../workers/workflow-code.ts';

const histories = new URL('./histories/', import.meta.url);

describe('workflow code of today', () => {
  let workflowBundle: WorkflowBundleOption;
  beforeAll(async () => {
    workflowBundle = await workflowCode(pino({ level: 'silent' }));
  });

  const recorded = readdirSync(histories).filter((file) => file.endsWith('.json'));

  it('has histories to replay', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(4);
  });

  it.each(recorded)('replays %s, recorded when it ran', async (file) => {
    const history: unknown = JSON.parse(readFileSync(new URL(file, histories), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(file));
  });
});

/** A history does not have it: what comes before the first dash of the file's name stands for the type. */
const workflowIdOf = (file: string): string => file.replace('-', '/');
