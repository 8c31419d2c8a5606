import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { Rig } from './rig.ts';

/** The moment of a copy that each of them is put back to; one that is left out stays as it is. */
export type Moments<Name extends string> = { readonly [Of in 'postgres' | 'nats' | 'temporal']?: Name };

/** Copies of the servers of a rig that has a Temporal of its own. Nobody may be connected to the database meanwhile. */
export function createCopies<Name extends string>(rig: Rig) {
  const database = new URL(rig.databaseUrl).pathname.slice(1);
  const copyOf = (name: Name) => `${database}_${name}`;
  const folders = { nats: rig.nats, temporal: rig.temporalServer };
  const folderOf = (of: keyof typeof folders) => join(rig.folder, of);
  return {
    async take(name: Name): Promise<void> {
      await asAdmin(`CREATE DATABASE ${copyOf(name)} TEMPLATE ${database}`);
      rig.onClose(() => asAdmin(`DROP DATABASE ${copyOf(name)}`));
      for (const of of ['nats', 'temporal'] as const) {
        await folders[of].stop();
        await cp(folderOf(of), `${folderOf(of)}-${name}`, { recursive: true });
        await folders[of].start();
      }
    },
    async putBack(to: Moments<Name>): Promise<void> {
      if (to.postgres) {
        await asAdmin(`DROP DATABASE ${database}`);
        await asAdmin(`CREATE DATABASE ${database} TEMPLATE ${copyOf(to.postgres)}`);
      }
      for (const of of ['nats', 'temporal'] as const) {
        if (to[of] === undefined) continue;
        await folders[of].stop();
        await rm(folderOf(of), { recursive: true });
        await cp(`${folderOf(of)}-${to[of]}`, folderOf(of), { recursive: true });
        await folders[of].start();
      }
    },
  };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('servers').postgresUrl, application_name: 'put back' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
