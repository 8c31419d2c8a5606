import type { Listener } from '../broker-bridge/facts/listener.ts';

/** Loads `listeners/<name>/listener.ts`. A new folder needs no entry anywhere else. */
export async function loadListener(name: string): Promise<Listener> {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name))
    throw new Error(`${name} cannot be a listener: names are lower-case words with hyphens.`);
  const extension = /\.[jt]s$/.exec(import.meta.url)?.[0] ?? ''; // built: .js
  const file = new URL(`./${name}/listener${extension}`, import.meta.url);
  const { listener } = (await import(file.href)) as { readonly listener: Listener };
  return listener;
}
