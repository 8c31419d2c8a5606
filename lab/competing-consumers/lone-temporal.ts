import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { launchTemporal } from '../../stack/launch/temporal.ts';
import { endAll, type Ending } from '../../test/support/rig/end-all.ts';

/** A Temporal with nothing of the product beside it. */
export interface LoneTemporal {
  readonly client: Client;
  /** A connection for one worker of a channel: two on one connection may not poll the same channel. */
  connect(): Promise<NativeConnection>;
  close(): Promise<void>;
}

/** Starts one on a free port and in a folder of its own, with these settings besides the project's. */
export async function openLoneTemporal(settings: readonly string[] = []): Promise<LoneTemporal> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-temporal-'));
  const endings: Ending[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const server = await launchTemporal({ folder, headless: true, settings });
    endings.unshift(server.stop);
    const connection = await Connection.connect({ address: server.url });
    endings.unshift(() => connection.close());
    return {
      client: new Client({ connection }),
      connect: () => NativeConnection.connect({ address: server.url }),
      close: () => endAll(endings),
    };
  } catch (error) {
    await endAll(endings);
    throw error;
  }
}
