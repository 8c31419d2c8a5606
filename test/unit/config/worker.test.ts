import { expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';

it('without a word about it, workers finish within 10 seconds and are not versioned; the rest is left to the SDK', () => {
  const { shutdownGraceMs, buildId, ...rest } = loadConfig({}).worker;
  expect({ shutdownGraceMs, buildId }).toEqual({ shutdownGraceMs: 10_000, buildId: undefined });
  expect(Object.values(rest).filter((value) => value !== undefined)).toEqual([]);
});

it.each([
  ['5s', 5_000],
  ['90 seconds', 90_000],
  ['1 minute', 60_000],
  ['2m', 120_000],
])('a grace time of %s is understood', (text, ms) => {
  expect(loadConfig({ WORKER_SHUTDOWN_GRACE: text }).worker.shutdownGraceMs).toBe(ms);
});

it('slots and cache are numbers', () => {
  const env = { WORKER_ACTIVITY_SLOTS: '7', WORKER_LOCAL_ACTIVITY_SLOTS: '8', WORKER_WORKFLOW_TASK_SLOTS: '9' };
  expect(loadConfig({ ...env, WORKER_CACHED_WORKFLOWS: '0' }).worker).toMatchObject({
    activitySlots: 7,
    localActivitySlots: 8,
    workflowTaskSlots: 9,
    cachedWorkflows: 0,
  });
});

it('every bad worker setting is told at once, by its name', () => {
  const bad = {
    WORKER_ACTIVITY_SLOTS: 'many',
    WORKER_WORKFLOW_TASK_SLOTS: '1',
    WORKER_SHUTDOWN_GRACE: 'soon',
    WORKER_BUILD_ID: 'a:b',
    WORKER_DEPLOYMENT_PREFIX: 'a.b',
    SMTP_URL: 'http://mail.example',
  };
  for (const name of Object.keys(bad)) expect(() => loadConfig(bad)).toThrow(name);
});
