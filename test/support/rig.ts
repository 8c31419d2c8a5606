import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { claimNamespace } from './rig/claim-namespace.ts';
import { cloneDatabase } from './rig/database.ts';
import { endAll, type Ending } from './rig/end-all.ts';
import { environmentOf } from './rig/environment.ts';
import { openServers, type RigParts, type RigServers } from './rig/servers.ts';
import { launchWorker, type WorkerProcess } from './rig/worker.ts';

export type { RigParts } from './rig/servers.ts';

type AllServers = { readonly [Name in keyof RigServers]-?: NonNullable<RigServers[Name]> };

/** What a test file works with. A part that was not asked for fails with a sentence when it is used. */
export interface Rig extends AllServers {
  /** Of this rig alone; removed by `close`. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly temporal: { readonly address: string; readonly namespace: string };
  /** The environment that leads a process to this rig's parts, and to no other's. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs the build's `workers/main.js` with these names in a process of its own, which `close` ends. */
  launchWorker(...names: readonly string[]): Promise<WorkerProcess>;
  /** Has something ended by `close`, before the parts it may need; the newest first. */
  onClose(end: Ending): void;
  /** Ends everything. Fails when the test left connections open, or when a worker had ended by itself. */
  close(): Promise<void>;
}

/** Opens a rig for one test file; to be closed in `afterAll`. Test files may run at the same time. */
export async function openRig(parts: RigParts = {}): Promise<Rig> {
  const shared = inject('servers');
  const folder = mkdtempSync(join(shared.folder, 'rig-'));
  const endings: Ending[] = [() => Promise.resolve(rmSync(folder, { recursive: true, force: true }))];
  try {
    const database = await cloneDatabase(shared);
    endings.unshift(database.close);
    const servers = await openServers(parts, folder, (end) => endings.unshift(end));
    const own = servers.temporalServer;
    const namespace = parts.temporal === true ? claimNamespace(shared) : 'default';
    const temporal = { address: own?.url ?? shared.temporalAddress, namespace };
    const env = { ...environmentOf(database.url, temporal, servers), ...parts.env };
    return withParts(servers, {
      folder,
      databaseUrl: database.url,
      temporal,
      env,
      launchWorker: (...names) => launchAndWatch(names, env, folder, endings),
      onClose: (end) => void endings.unshift(end),
      close: () => endAll(endings),
    });
  } catch (error) {
    await endAll(endings);
    throw error;
  }
}

async function launchAndWatch(
  names: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
  endings: Ending[],
): Promise<WorkerProcess> {
  const worker = await launchWorker(names, env, folder);
  endings.unshift(async () => {
    worker.check();
    await worker.stop();
  });
  return worker;
}

const withParts = (servers: RigServers, rest: Omit<Rig, keyof RigServers>): Rig => ({
  ...rest,
  get temporalServer() {
    return asked('temporal', servers.temporalServer);
  },
  get nats() {
    return asked('nats', servers.nats);
  },
  get cardGateway() {
    return asked('cardGateway', servers.cardGateway);
  },
  get supplier() {
    return asked('supplier', servers.supplier);
  },
  get carrier() {
    return asked('carrier', servers.carrier);
  },
  get smtpSink() {
    return asked('smtpSink', servers.smtpSink);
  },
});

function asked<Part>(name: string, part: Part | undefined): Part {
  if (part) return part;
  throw new Error(`This rig has no ${name} of its own: ask for it in openRig.`);
}
