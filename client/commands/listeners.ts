import type { Command } from 'commander';
import { printRows, type Context, type JsonOption } from '../context.ts';

/** `listeners`: what listeners have to do, and how one is paused, resumed and played again. */
export function addListeners(program: Command, context: Context): void {
  const listeners = program.command('listeners').description('show the listeners of facts, and steer them');
  listeners
    .command('list', { isDefault: true })
    .description('say of every listener how many facts wait for it, and since when')
    .option('--json', 'print one JSON object per listener')
    .action((options: JsonOption) => list(options, context));
  listeners
    .command('pause')
    .description('let a listener hear nothing until it is resumed; its facts wait for it')
    .argument('<name>', 'the listener')
    .action((name: string) => steer(name, 'pause', context));
  listeners
    .command('resume')
    .description('let a paused listener go on')
    .argument('<name>', 'the listener')
    .action((name: string) => steer(name, 'resume', context));
  listeners
    .command('replay')
    .description('play the facts to a listener again: one that keeps tables only is emptied and rebuilt')
    .argument('<name>', 'the listener')
    .option('--from <instant>', 'from this instant on, for a listener that allows it; from the oldest fact by default')
    .action((name: string, options: { readonly from?: string }) => replay(name, options.from ?? null, context));
}

async function list({ json }: JsonOption, context: Context): Promise<void> {
  const [{ withBroker }, { listenersOf }, { table }] = await load();
  const found = await withBroker(administrator(context), listenersOf);
  const cells = found.map(({ name, state, waiting, oldestSeconds }) => [
    name,
    state,
    String(waiting),
    oldestSeconds === null ? '-' : `${oldestSeconds} s`,
  ]);
  const lines = () => table(columns, cells, context.style.dim);
  printRows(found, { json, none: 'No listener has run yet.', lines }, context);
}

/** Only the administrator may steer the consumers of others. */
const administrator = ({ env, note }: Context) => ({ env, identity: 'administrator', note }) as const;

const columns = [
  { heading: 'listener', align: 'left' },
  { heading: 'state', align: 'left' },
  { heading: 'waiting', align: 'right' },
  { heading: 'oldest', align: 'right' },
] as const;

const load = () =>
  Promise.all([import('../../app/nats.ts'), import('../../app/listeners.ts'), import('../print/table.ts')]);

async function steer(name: string, how: 'pause' | 'resume', context: Context): Promise<void> {
  const [{ withBroker }, { pauseListener, resumeListener }] = await load();
  const act = how === 'pause' ? pauseListener : resumeListener;
  await withBroker(administrator(context), (broker) => act(broker, name));
  context.print(how === 'pause' ? `${name} is paused; its facts wait.` : `${name} goes on.`);
}

async function replay(name: string, from: string | null, context: Context): Promise<void> {
  const [{ withBroker }, { replayListener }] = await load();
  const { withDatabase } = await import('../../app/database.ts');
  await withBroker(administrator(context), (broker) =>
    withDatabase(context.env, (database) => replayListener({ broker, database }, name, from), 'administrator'),
  );
  context.print(`${name} hears its facts again, ${from === null ? 'from the oldest on' : `from ${from} on`}.`);
}
