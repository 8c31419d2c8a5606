import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleOf } from '../../workers/workflow-code.ts';

const histories = new URL('./histories/', import.meta.url);
const workflows = fileURLToPath(new URL('../../workflows', import.meta.url));

describe('workflow code of today', () => {
  let workflowBundle: { code: string };
  beforeAll(async () => {
    workflowBundle = { code: await bundleOf(workflows, silent) };
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

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
