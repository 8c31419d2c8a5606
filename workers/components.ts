import { existsSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { startListener } from './listener.ts';
import type { StartComponent } from './component.ts';
import { processorNames } from '../contracts/command-routes.ts';

const listenersFolder = new URL('../listeners/', import.meta.url);

/** A listener is a folder of `listeners/` with a `listener.ts`; nothing else has to know of it. */
const listenerNames = (): string[] =>
  readdirSync(listenersFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasListener(entry.name))
    .map((entry) => entry.name);

const hasListener = (name: string): boolean =>
  existsSync(new URL(`${name}/listener${extname(import.meta.url)}`, listenersFolder));

/** The mediators of simple and complex events, the workflow processor and bulk actions: seldom busy, so that they share a process by default. */
const smallMediators = ['customer-mediator', 'returns-mediator', 'workflow-processor', 'bulk'] as const;

const singleParts = ['order-mediator', ...smallMediators, ...processorNames, 'relay', 'intake'] as const;

/** Names that stand for several parts in one process. */
const groups: Readonly<Record<string, () => string[]>> = {
  mediators: () => [...smallMediators],
  processors: () => [...processorNames],
  listeners: () => listenerNames().map((name) => `listener:${name}`),
  all: () => [...singleParts, ...(groups['listeners'] as () => string[])()],
};

/** Every name `npm run worker` takes. */
const partNames = (): string[] => [
  ...singleParts,
  ...listenerNames().map((name) => `listener:${name}`),
  ...Object.keys(groups),
];

/** The parts that the given names stand for, each once. Throws a sentence for a name that there is not. */
export function expandNames(names: readonly string[]): string[] {
  const known = partNames();
  const wrong = names.filter((name) => !known.includes(name));
  if (wrong.length > 0 || names.length === 0) {
    const problem = wrong.length > 0 ? `There is no worker called ${wrong.join(', ')}.` : 'Say which worker to run.';
    throw new Error(`${problem} There are: ${known.join(', ')}.`);
  }
  return [...new Set(names.flatMap((name) => groups[name]?.() ?? [name]))];
}

/** The part's start, loaded only when it is wanted. What was built has `.js` files, the sources have `.ts`. */
export async function loadComponent(name: string): Promise<StartComponent> {
  if (name.startsWith('listener:')) return startListener(name.slice('listener:'.length));
  const file = new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
  const { start } = (await import(file.href)) as { start: StartComponent };
  return start;
}
