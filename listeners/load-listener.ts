import { existsSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';
import type { Listener } from '../broker-bridge/facts/listener.ts';

const extension = extname(import.meta.url); // built: .js

/** A listener is a folder here with a `listener.ts`; no list of listeners exists elsewhere. */
export function listenerNames(): readonly string[] {
  const folder = new URL('./', import.meta.url);
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = entries.map(({ name }) => name);
  return names.filter((name) => existsSync(new URL(`${name}/listener${extension}`, folder))).toSorted();
}

/** A listener's module. One that has settings makes its listener of them. */
type ListenerModule =
  | { readonly listener: Listener }
  | { readonly listenerFor: (env: Readonly<Record<string, string | undefined>>) => Listener };

/** Loads `listeners/<name>/listener.ts`. A new folder needs no entry anywhere else. */
export async function loadListener(
  name: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Listener> {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name))
    throw new Error(`${name} cannot be a listener: names are lower-case words with hyphens.`);
  const file = new URL(`./${name}/listener${extension}`, import.meta.url);
  const module = (await import(file.href)) as ListenerModule;
  return 'listener' in module ? module.listener : module.listenerFor(env);
}

/** Loads all of them. */
export const loadListeners = (env: Readonly<Record<string, string | undefined>> = {}): Promise<readonly Listener[]> =>
  Promise.all(listenerNames().map((name) => loadListener(name, env)));
