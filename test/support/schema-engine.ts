import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

type SchemaEngine = engineModule.SchemaEngine;

/** What the package has to be handed before its class works; its types leave it out. */
interface WasmBindings {
  __wbg_set_wasm(exports: Readonly<Record<string, unknown>>): void;
}

/** The little of the global that is used here; Node has it, its types of version 20 do not. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

/** Tables are never hidden from the engine. */
export const noFilters = { externalTables: [], externalEnums: [] };

let instantiated: Promise<void> | undefined;

/**
 * Brackets one use of Prisma's own schema engine, in its WebAssembly form: the native one has to be downloaded from a
 * host that not every machine can reach.
 */
export async function withSchemaEngine<T>(databaseUrl: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  await (instantiated ??= instantiate());
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  const engine = await engineModule.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    // The engine's own advisory lock is let go with its connection.
    await pool.end();
  }
}

async function instantiate(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const bytes = await readFile(path.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'));
  const imports = { './schema_engine_bg.js': { ...engineModule, ...patientTimers() } };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  const bindings = engineModule as unknown as WasmBindings;
  bindings['__wbg_set_wasm'](instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/** The engine leaves a timer of ten seconds behind for a lock it has long had: that must not keep the process from ending. */
const patientTimers = (): Record<string, (callback: () => void, ms: number) => NodeJS.Timeout> =>
  Object.fromEntries(
    Object.keys(engineModule)
      .filter((name) => name.startsWith('__wbg_setTimeout'))
      .map((name) => [name, (callback, ms) => setTimeout(callback, ms).unref()]),
  );
