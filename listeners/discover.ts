import { readdir } from 'node:fs/promises';
import type { Listener } from '../broker-bridge/listener.ts';

/** The names of all listeners: the folders beside this file. A new folder needs no entry anywhere else. */
export async function listenerNames(): Promise<readonly string[]> {
  const entries = await readdir(new URL('.', import.meta.url), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort(); // prettier-ignore
}

/** Loads `listeners/<name>/listener.ts`. */
export async function loadListener(name: string): Promise<Listener> {
  const names = await listenerNames();
  if (!names.includes(name)) throw new Error(`There is no listener ${name}; there are ${names.join(', ')}.`);
  const module = (await import(`./${name}/listener.ts`)) as { readonly listener: Listener };
  return module.listener;
}
