import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '@temporalio/client';
import type { PlacedOrder } from '../../../app/place.ts';
import { channels } from '../../../contracts/channels.ts';
import { queuesGoBy } from '../../../workers/deployment/deployments.ts';
import { makeCurrent, reportOn } from '../../../workers/deployment/rollout.ts';
import { openBuilds, type Builds } from '../../support/builds.ts';
import { commandsSwapped } from '../../support/changed-workflows.ts';
import { act, heldFor } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { openRig } from '../../support/rig.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

/** A point at which orders do not go on until they are let. */
interface Stop {
  /** Places an order, and waits until it has come there. */
  place(): Promise<PlacedOrder>;
  /** Lets everything go on that was placed. */
  goOn(): Promise<void>;
}

/** Where orders are when the new version comes. A further one is a further function. */
const stops: readonly ((shop: Shop) => Promise<Stop>)[] = [aboutToBeShipped, heldForTheirPayment];

async function aboutToBeShipped(shop: Shop): Promise<Stop> {
  const goOn = await shop.holdTables('shipping.shipment');
  const place = async () => {
    const placed = await shop.place();
    await shop.allWaitFor('shipping.shipment');
    return placed;
  };
  return { place, goOn };
}

function heldForTheirPayment(shop: Shop): Promise<Stop> {
  const orders: PlacedOrder[] = [];
  const place = async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    orders.push(placed);
    return placed;
  };
  const goOn = async () => {
    await Promise.all(orders.map((order) => act(shop, order, 'pay', { card: 'card_ok' })));
  };
  return Promise.resolve({ place, goOn });
}

/** All of them at once: `place` places an order at each. */
async function openStops(shop: Shop) {
  const opened = await Promise.all(stops.map((open) => open(shop)));
  return {
    place: () => Promise.all(opened.map((stop) => stop.place())),
    goOn: () => Promise.all(opened.map((stop) => stop.goOn())),
  };
}

let builds: Builds;
let changed: string;
beforeAll(async () => {
  builds = openBuilds();
  changed = await builds.changed(commandsSwapped);
});
afterAll(() => builds.close());

describe('orders that are about to be shipped, or held for their payment, when a changed mediator is deployed', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({}, []);
  });
  // Not shop.close: the histories of the changed code do not replay with the code of today.
  afterAll(() => shop.rig.close());

  const run = async (name: string, buildId: string, from: string): Promise<WorkerProcess> => {
    const env = { ...shop.rig.env, WORKER_BUILD_ID: buildId };
    const worker = await launchWorker([name], env, shop.rig.folder, from);
    shop.rig.onClose(worker.stop);
    return worker;
  };

  const deploy = (...args: readonly string[]) => builds.run('deploy', shop.rig.env, ...args);

  /** What `npm run deploy -- status` says of a version of the mediator. */
  const mediator = async (buildId: string) => {
    const place = { channel: channels.orderMediator, deployment: 'order-mediator' };
    const reports = await reportOn(shop.client, 'order-mediator', place);
    return reports.find((version) => version.buildId === buildId);
  };

  /** The versions that took a workflow's tasks, each once. */
  const versionsThatRan = async (workflowId: string): Promise<(string | undefined | null)[]> => {
    const { events } = await shop.client.workflow.getHandle(workflowId).fetchHistory();
    const tasks = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes ?? []);
    expect((events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
    return [...new Set(tasks.map(({ deploymentVersion }) => deploymentVersion?.buildId))];
  };

  it('end on the version they began with, new ones run on the new one, and all are completed', async () => {
    // Before the first start there is a current version already: nothing waits for one.
    await deploy('current', 'v1', '--unstarted');
    const [first] = await Promise.all([run('order-mediator', 'v1', builds.asIs), run('processors', 'v1', builds.asIs)]);
    const { place, goOn } = await openStops(shop);
    const old = await place();

    const second = await run('order-mediator', 'v2', changed);
    await until(() => readFileSync(second.logFile, 'utf8').includes('another version is current'), {
      what: 'the new worker to say that it gets nothing yet',
    });
    expect(await deploy('current', 'v2', 'order-mediator')).toBe('order-mediator: v2 is current (before: v1)\n');
    const young = await place();
    await until(async () => (await mediator('v2'))?.pinned === young.length, { what: 'visibility to list them' });
    expect(await mediator('v1')).toMatchObject({ status: 'draining', pinned: old.length, mayBeStopped: false });
    expect(await mediator('v2')).toMatchObject({ status: 'current', mayBeStopped: false });

    await goOn();
    for (const order of [...old, ...young]) expect((await shop.end(order)).outcome).toBe('completed');
    for (const order of old) expect(await versionsThatRan(order.workflowId)).toEqual(['v1']);
    for (const order of young) expect(await versionsThatRan(order.workflowId)).toEqual(['v2']);
    await until(async () => (await mediator('v1'))?.mayBeStopped, { what: 'the old version to be done with' });
    expect(JSON.parse(await deploy('status', '--json', 'payment'))).toMatchObject({ buildId: 'v1', status: 'current' });
    await first.stop();
  });

  it('rolled back, new orders run on the earlier version again, and the others end on theirs', async () => {
    const { place, goOn } = await openStops(shop);
    const young = await place();
    await run('order-mediator', 'v1', builds.asIs);
    await deploy('current', 'v1', 'order-mediator');
    const later = await place();
    await goOn();
    for (const order of [...young, ...later]) expect((await shop.end(order)).outcome).toBe('completed');
    for (const order of young) expect(await versionsThatRan(order.workflowId)).toEqual(['v2']);
    for (const order of later) expect(await versionsThatRan(order.workflowId)).toEqual(['v1']);
  });

  it('a version of which no worker polls is not made current', async () => {
    await expect(deploy('current', 'v3', 'order-mediator', '--within', '1')).rejects.toThrow(
      'No worker of version v3 polls order-mediator-queue',
    );
    expect(await mediator('v1')).toMatchObject({ status: 'current' });
  });

  it('a version is current when its queues say so, though Temporal keeps saying that it is still telling them', async () => {
    const place = { channel: channels.orderMediator, deployment: 'order-mediator' };
    const rollout = { unstarted: false, withinMs: 12_000 };
    const stuck = (buildId: string) => makeCurrent(stillTelling(shop.client), { ...place, buildId }, rollout);
    expect(await stuck('v2')).toBe('v1');
    expect(await stuck('v1')).toBe('v2');
    expect(await queuesGoBy(shop.client, { ...place, buildId: 'v1' })).toBe(true);
    expect(await queuesGoBy(shop.client, { ...place, buildId: 'v2' })).toBe(false);
  });

  it('a purchase order that is under way moves to the version that becomes current', async () => {
    const { supplier } = shop.rig;
    await shop.sql('UPDATE inventory.stock SET on_hand = 9 WHERE isbn = $1', ['9780134685991']);
    expect((await shop.outcomeOf()).outcome).toBe('completed');
    const [ordered] = supplier.orders();
    const workflowId = `replenishment/${ordered?.purchaseOrderId}`;
    await supplier.stop(); // so that it does not end before
    await deploy('current', 'v2', 'order-mediator');
    await supplier.start();
    await shop.client.workflow.getHandle(workflowId).result();
    expect(await versionsThatRan(workflowId)).toEqual(['v1', 'v2']);
  });
});

/** Temporal, with the flag that says whether all task queues were told stuck, as it was seen to be; everything else is its own answer. */
function stillTelling(client: Client): Client {
  const service = client.workflowService;
  const describeWorkerDeployment = async (request: object) => {
    const { workerDeploymentInfo: info } = await service.describeWorkerDeployment(request);
    return { workerDeploymentInfo: { ...info, routingConfigUpdateState: 1 } };
  };
  const workflowService = new Proxy(service, {
    get: (of, name) =>
      name === 'describeWorkerDeployment' ? describeWorkerDeployment : (Reflect.get(of, name, of) as unknown),
  });
  return new Proxy(client, {
    get: (of, name) => (name === 'workflowService' ? workflowService : (Reflect.get(of, name, of) as unknown)),
  });
}

/** A file of the build. */
const read = (path: string) => readFileSync(`${builds.asIs}/${path}`, 'utf8');

describe('a build', () => {
  it('holds the bundle, the data and the packages it needs, and no sources', () => {
    expect(read('workflow-bundle.js')).toContain('orderMediator');
    expect(read('prisma/seed/books.csv')).toContain('isbn');
    expect(read('prisma/migrations/migration_lock.toml')).toContain('postgresql');
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dependencies?: object; devDependencies?: object; dev?: true }>;
    };
    expect(lock.packages['']?.dependencies).toEqual(dependencies);
    expect(Object.values(lock.packages).filter(({ dev }) => dev)).toEqual([]);
    expect(lock.packages['node_modules/typescript']).toBeUndefined();
  });
  it('brings a database up to date', async () => {
    const rig = await openRig();
    try {
      expect(await builds.run('migrate', rig.env)).toBe(
        'the database is up to date\nthe tables of the listeners and the roles are there\n',
      );
    } finally {
      await rig.close();
    }
  });
});
