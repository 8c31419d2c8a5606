import type { Listener } from '../broker-bridge/facts/listener.ts';

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
  const extension = /\.[jt]s$/.exec(import.meta.url)?.[0] ?? ''; // built: .js
  const file = new URL(`./${name}/listener${extension}`, import.meta.url);
  const module = (await import(file.href)) as ListenerModule;
  return 'listener' in module ? module.listener : module.listenerFor(env);
}
