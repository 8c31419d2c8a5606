import { expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { deployedChannels, versioningOf } from '../../../workers/deployment/versioning.ts';
import { lineOf } from '../../../workers/deployment/rollout.ts';
import { processorNames } from '../../../contracts/command-routes.ts';

it('a worker without a build id takes no part in versioning', () => {
  expect(versioningOf('payment', loadConfig({}).worker)).toEqual({});
});

it('every channel is a deployment of its own, also behind a prefix', () => {
  const { worker } = loadConfig({ WORKER_BUILD_ID: 'v1', WORKER_DEPLOYMENT_PREFIX: 'shop' });
  const versions = [...deployedChannels.keys()].map(
    (part) => versioningOf(part, worker).workerDeploymentOptions?.version,
  );
  expect(new Set(versions.map((version) => version?.deploymentName)).size).toBe(deployedChannels.size);
  expect(versions).toContainEqual({ deploymentName: 'shop-payment', buildId: 'v1' });
});

it('every processor is deployed, and before the mediators', () => {
  expect([...deployedChannels.keys()]).toEqual([
    ...processorNames,
    'order-mediator',
    'compact',
    'customer-mediator',
    'returns-mediator',
    'workflow-processor',
    'bulk',
  ]);
  expect(new Set(deployedChannels.values()).size).toBe(deployedChannels.size);
});

it('a version with orders but no workers stands out', () => {
  const version = { part: 'order-mediator', buildId: 'v1', status: 'draining' } as const;
  expect(lineOf({ ...version, workers: 0, pinned: 3, mayBeStopped: false })).toMatch(/3 pinned +NEEDS WORKERS$/);
  expect(lineOf({ ...version, workers: 2, pinned: 0, mayBeStopped: true })).toMatch(
    /2 workers +0 pinned +may be stopped$/,
  );
});
