import type { Command } from 'commander';
import { AppError } from '../../app/app-error.ts';
import type { WebhookSources } from '../../app/webhooks.ts';
import { parseWebhookAction } from '../../contracts/schemas/webhooks.ts';
import type { Webhook, WebhookActionName, WebhookActions, WebhookSecret } from '../../contracts/outside/webhooks.ts';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { requiredActor } from '../options/action-options.ts';
import { webhookIdArgument } from '../options/arguments.ts';
import { optionSentences } from '../options/problem-sentences.ts';

interface ActOptions extends JsonOption {
  readonly actor?: string;
}

/** `webhooks`: the endpoints that get facts by HTTP. */
export function addWebhooks(program: Command, context: Context): void {
  const webhooks = program
    .command('webhooks')
    .description('list the endpoints that get facts by HTTP, or do something with one')
    .enablePositionalOptions()
    .option('--json', 'print one JSON object per line')
    .action((options: JsonOption) => list(options, context));
  webhooks
    .command('list')
    .description('the same as without a word')
    .option('--json', 'print one JSON object per line')
    .action((options: JsonOption) => list(options, context));
  webhooks
    .command('show')
    .description('an endpoint, how it takes its messages, and what is wrong')
    .argument('<webhook>', 'its id', webhookIdArgument)
    .option('--json', 'print one JSON object')
    .action((id: string, options: JsonOption) => show(id, options, context));
  addMaking(webhooks, context);
  addActing(webhooks, context);
}

function addMaking(webhooks: Command, context: Context): void {
  withActor(webhooks.command('add'))
    .description('add an endpoint; its secret is printed once')
    .argument('<url>', 'where to send, as https://example.com/hooks')
    .argument('[facts...]', 'names of facts or areas, such as order-shipped or stock; all when left out')
    .action((url: string, facts: readonly string[], options: ActOptions) =>
      act('add', { url, takes: facts.length > 0 ? facts : ['all'] }, options, context, async (action, sources) => {
        const { addWebhook } = await import('../../app/webhooks.ts');
        return addWebhook(sources, action);
      }),
    );
  withActor(webhooks.command('rotate'))
    .description('make a new secret, which is printed once; both sign for a while')
    .argument('<webhook>', 'its id', webhookIdArgument)
    .option('--keep-for <time>', 'how long the old secret signs as well; "0 days" for not at all', '1 day')
    .action((id: string, options: ActOptions & { keepFor: string }) =>
      act('rotate', { keepFor: options.keepFor }, options, context, async (action, sources) => {
        const { rotateWebhook } = await import('../../app/webhooks.ts');
        return rotateWebhook(sources, id, action);
      }),
    );
}

function addActing(webhooks: Command, context: Context): void {
  const onOne = (name: string, description: string): Command =>
    withActor(webhooks.command(name)).description(description).argument('<webhook>', 'its id', webhookIdArgument);
  onOne('change', 'give an endpoint another URL or other facts')
    .option('--url <url>', 'where to send')
    .option('--facts <facts...>', 'names of facts, areas, or all')
    .action((id: string, options: ActOptions & { url?: string; facts?: readonly string[] }) => {
      const { url, facts: takes } = options;
      return act(
        'change',
        { ...(url !== undefined && { url }), ...(takes && { takes }) },
        options,
        context,
        async (action, sources) => (await import('../../app/webhooks.ts')).changeWebhook(sources, id, action),
      );
    });
  onOne('on', 'switch an endpoint on; what waits is sent').action((id: string, options: ActOptions) =>
    act('on', {}, options, context, async (action, sources) =>
      (await import('../../app/webhooks.ts')).switchWebhookOn(sources, id, action),
    ),
  );
  onOne('off', 'switch an endpoint off; what waits is kept')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: ActOptions & { reason: string }) =>
      act('off', { reason: options.reason }, options, context, async (action, sources) =>
        (await import('../../app/webhooks.ts')).switchWebhookOff(sources, id, action),
      ),
    );
  onOne('remove', 'remove an endpoint, and what waits for it').action((id: string, options: ActOptions) =>
    act('remove', {}, options, context, async (_, sources) =>
      (await import('../../app/webhooks.ts')).removeWebhook(sources, id),
    ),
  );
}

const withActor = (command: Command): Command =>
  command
    .option('--actor <name>', 'who acts; required, here or as ORDER_ACTOR')
    .option('--json', 'print one JSON object');

async function act<Name extends WebhookActionName>(
  name: Name,
  content: object,
  options: ActOptions,
  context: Context,
  work: (action: WebhookActions[Name], sources: WebhookSources) => Promise<Webhook | WebhookSecret>,
): Promise<void> {
  const actor = requiredActor(options, context, 'Say who acts on the webhook');
  const parsed = parseWebhookAction(name, { ...content, actor });
  if (!parsed.ok) throw new AppError('bad-input', `The webhook cannot be used: ${optionSentences(parsed.problems)}.`);
  const [{ withDatabase }, { loadWebhookConfig }, { webhookLine }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../config/webhooks.ts'),
    import('../print/webhook-lines.ts'),
  ]);
  const rules = loadWebhookConfig(context.env);
  const done = await withDatabase(context.env, (database) => work(parsed.action, { database, rules }));
  if (options.json) return printJson(context, done);
  const { webhook, secret } = 'webhook' in done ? done : { webhook: done, secret: undefined };
  context.print(name === 'remove' ? `${webhook.id}  removed` : webhookLine(webhook));
  if (secret !== undefined) context.print(`secret  ${secret}`);
  if (secret !== undefined) context.note('Keep the secret now: it is not shown again.');
}

async function list({ json }: JsonOption, context: Context): Promise<void> {
  const [{ withDatabase }, { listWebhooks }, { webhookTable }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/webhooks.ts'),
    import('../print/webhook-lines.ts'),
  ]);
  const webhooks = await withDatabase(context.env, (database) => listWebhooks(database));
  const lines = () => webhookTable(webhooks, context.style);
  printRows(webhooks, { json, none: 'There are no webhooks.', lines }, context);
}

async function show(id: string, { json }: JsonOption, context: Context): Promise<void> {
  const [{ withDatabase }, { keptWebhook }, { webhookSheet }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/webhooks.ts'),
    import('../print/webhook-lines.ts'),
  ]);
  const webhook = await withDatabase(context.env, (database) => keptWebhook(database, id));
  if (json) printJson(context, webhook);
  else for (const line of webhookSheet(webhook, context.style)) context.print(line);
}
