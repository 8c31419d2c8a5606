import type { Command } from 'commander';
import { releaseSteps, type ChannelActionName, type ChannelActions } from '../../contracts/channel-brakes.ts';
import { parseChannelAction } from '../../contracts/schemas/channel-brakes.ts';
import { AppError } from '../../app/app-error.ts';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { requiredActor } from '../options/action-options.ts';
import { everyArgument, rateArgument } from '../options/arguments.ts';
import { optionSentences } from '../options/problem-sentences.ts';

interface ActOptions extends JsonOption {
  readonly actor?: string;
}

/** `channels`: what waits on every event channel, who takes it, and which are braked. */
export function addChannels(program: Command, context: Context): void {
  program
    .command('channels')
    .description('list the event channels with their backlog, rate, pollers and brake')
    .option('--json', 'print one JSON object per channel')
    .action((options: JsonOption) => list(options, context));
}

/** `brake`: lets the commands of a channel wait. */
export function addBrake(program: Command, context: Context): void {
  withActor(program.command('brake'))
    .description('let the commands of a channel wait, for every order, until it is released')
    .argument('<channel>', 'its processor, such as payment')
    .requiredOption('--reason <text>', 'why, for others')
    .action((channel: string, { reason, ...options }: ActOptions & { readonly reason: string }) =>
      brake(channel, reason, options, context),
    );
}

interface ReleaseOptions extends ActOptions {
  readonly perSecond?: number;
  readonly atOnce?: boolean;
  readonly every?: number;
}

/** `release`: lets a braked channel go on, in growing steps. */
export function addRelease(program: Command, context: Context): void {
  withActor(program.command('release'))
    .description(`release a braked channel by one step: ${releaseSteps.join(', ')} commands a second, then no limit`)
    .argument('<channel>', 'its processor, such as payment')
    .option('--per-second <n>', 'to this rate instead', rateArgument)
    .option('--at-once', 'take the brake off, without steps')
    .option('--every <seconds>', 'walk all steps, so long each', everyArgument)
    .action((channel: string, options: ReleaseOptions) => release(channel, options, context));
}

const withActor = (command: Command): Command =>
  command
    .option('--actor <name>', 'who acts; required, here or as ORDER_ACTOR')
    .option('--json', 'print one JSON object');

async function list({ json }: JsonOption, context: Context): Promise<void> {
  const [{ withSources }, { listChannels }, { channelTable }] = await load();
  const channels = await withSources(context.env, listChannels);
  printRows(
    channels,
    { json, none: 'There are no channels.', lines: () => channelTable(channels, context.style) },
    context,
  );
}

async function brake(channel: string, reason: string, options: ActOptions, context: Context): Promise<void> {
  const action = checked('brake', { reason }, options, context);
  const [{ withSources }, { brakeChannel }, { brakeSentence }] = await load();
  const set = await withSources(context.env, (sources) => brakeChannel(sources, channel, action));
  if (options.json) printJson(context, { brake: set });
  else context.print(brakeSentence(channel, set));
}

async function release(channel: string, options: ReleaseOptions, context: Context): Promise<void> {
  const { perSecond, atOnce, every } = options;
  if ([perSecond, atOnce, every].filter((given) => given !== undefined).length > 1) {
    throw new AppError('bad-input', 'Give one of --per-second, --at-once and --every.');
  }
  const rate = atOnce ? null : perSecond;
  const action = checked('release', rate === undefined ? {} : { perSecond: rate }, options, context);
  const [{ withSources }, { releaseChannel }, { brakeSentence }] = await load();
  await withSources(context.env, async (sources) => {
    for (;;) {
      const left = await releaseChannel(sources, channel, action);
      if (options.json) printJson(context, { brake: left });
      else context.print(brakeSentence(channel, left));
      if (every === undefined || left === null || !(await waited(every, context))) return;
    }
  });
}

/** False when the user has stopped the walk; the channel stays at the step that it has. */
async function waited(ms: number, { interrupted }: Context): Promise<boolean> {
  const { sleep } = await import('../../broker-bridge/waiting.ts');
  await sleep(ms, interrupted);
  return !interrupted.aborted;
}

function checked<Name extends ChannelActionName>(
  name: Name,
  content: object,
  options: ActOptions,
  context: Context,
): ChannelActions[Name] {
  const actor = requiredActor(options, context, 'Say who acts on the channel');
  const parsed = parseChannelAction(name, { ...content, actor });
  if (parsed.ok) return parsed.action;
  throw new AppError('bad-input', `The channel cannot be ${pasts[name]}: ${optionSentences(parsed.problems)}.`);
}

const pasts = { brake: 'braked', release: 'released' } as const;

const load = () =>
  Promise.all([import('../../app/sources.ts'), import('../../app/channels.ts'), import('../print/channel-lines.ts')]);
