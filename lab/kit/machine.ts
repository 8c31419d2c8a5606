import { cpus, release, totalmem, type } from 'node:os';
import { readFileSync } from 'node:fs';
import { pins } from '../../stack/pins.mjs';

/** The machine that measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
});

/** The versions that the figures hang on. */
export function versions(): Readonly<Record<string, string>> {
  const read = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as PackageFile;
  const { dependencies, devDependencies } = read;
  return {
    node: process.versions.node,
    'temporal (CLI)': pins.temporal.wheel.version,
    'nats-server': pins['nats-server'].wheel.version,
    postgresql: devDependencies['embedded-postgres'] ?? 'unknown',
    '@temporalio/worker': dependencies['@temporalio/worker'] ?? 'unknown',
  };
}

interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
