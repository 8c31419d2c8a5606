import { processorNames } from '../contracts/command-routes.ts';
import { listenerNames } from '../listeners/load-listener.ts';
import type { StartComponent } from './component.ts';

/** The components by name. Each is loaded only when it is wanted. */
const components = (): Readonly<Record<string, () => Promise<StartComponent | undefined>>> => ({
  'order-mediator': async () => (await import('./mediators.ts')).mediators['order-mediator'],
  compact: async () => (await import('./compact.ts')).startCompact,
  'customer-mediator': async () => (await import('./mediators.ts')).mediators['customer-mediator'],
  'returns-mediator': async () => (await import('./mediators.ts')).mediators['returns-mediator'],
  'workflow-processor': async () => (await import('./workflow-processor.ts')).startWorkflowProcessor,
  bulk: async () => (await import('./bulk.ts')).startBulk,
  ...Object.fromEntries(
    processorNames.map((name) => [name, async () => (await import('./processors.ts')).processors[name]]),
  ),
  relay: async () => (await import('./bridge.ts')).startRelay,
  ask: async () => (await import('./ask.ts')).startAsk,
  intake: async () => (await import('./bridge.ts')).startIntake,
  deliveries: async () => (await import('./bridge.ts')).startDeliveries,
  ...Object.fromEntries(
    listenerNames().map((name) => [`listener:${name}`, async () => (await import('./bridge.ts')).startListener(name)]),
  ),
});

/** Names that stand for several components in one process. The mediators in it are those that are seldom busy. */
const groups = (): Readonly<Record<string, readonly string[]>> => ({
  mediators: ['customer-mediator', 'returns-mediator', 'workflow-processor', 'bulk'],
  processors: processorNames,
  listeners: listenerNames().map((name) => `listener:${name}`),
  all: Object.keys(components()),
});

/** The components that the given names stand for, each once. Throws a sentence for a name that is not known. */
export function expandNames(names: readonly string[]): string[] {
  const grouped = groups();
  const known = [...Object.keys(components()), ...Object.keys(grouped)];
  const wrong = names.filter((name) => !known.includes(name));
  if (wrong.length > 0 || names.length === 0) {
    const problem = wrong.length > 0 ? `There is no worker called ${wrong.join(', ')}.` : 'Say which worker to run.';
    throw new Error(`${problem} There are: ${known.join(', ')}.`);
  }
  return [...new Set(names.flatMap((name) => grouped[name] ?? [name]))];
}

/** Loads the start of a component by a name from `expandNames`. */
export async function loadComponent(name: string): Promise<StartComponent> {
  const start = await components()[name]?.();
  if (!start) throw new Error(`There is no component called ${name}.`);
  return start;
}
