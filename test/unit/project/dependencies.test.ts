import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { dependencies, devDependencies } = JSON.parse(read('package.json')) as PackageJson;

it('docs/dependencies.md says of every dependency why it is there, and of no other', () => {
  const rows = read('docs/dependencies.md').matchAll(/^\| (`.*`) +\| .+ \|$/gm);
  const explained = [...rows].flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(new Set(explained)).toEqual(new Set(Object.keys({ ...dependencies, ...devDependencies })));
});

it('every dependency is pinned to one version', () => {
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
