import { Option, type Command } from 'commander';
import { actorOf, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import type { AmendmentOptions } from '../options/amendment.ts';
import { orderIdArgument } from '../options/arguments.ts';
import type { Context } from '../context.ts';

const piecesOfAnAmendment = ['line', 'name', 'street', 'city', 'postcode', 'country'];

/** `amend`: changes the lines of a held order, or where it goes. */
export function addAmend(program: Command, context: Context): void {
  const command = program
    .command('amend')
    .description('change the lines of a held order until they are packed, or its address until it is shipped')
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--line <isbn:quantity...>', 'all titles as they are to be; give one for each title')
    .option('--name <text>', 'who receives it; pieces of the address that are left out stay')
    .option('--street <text>', 'where to')
    .option('--city <text>', 'where to')
    .option('--postcode <text>', 'where to')
    .option('--country <code>', 'where to')
    .addOption(
      new Option(
        '--file <path>',
        'lines, shipTo or both as JSON instead of the options above; - reads stdin',
      ).conflicts(piecesOfAnAmendment),
    );
  withActionOptions(command, 'amend').action((orderId: string, options: AmendOptions) =>
    amend(orderId, options, context),
  );
}

type AmendOptions = ActionOptions & AmendmentOptions;

async function amend(orderId: string, options: AmendOptions, context: Context): Promise<void> {
  const { askedAmendment, amendment } = await import('../options/amendment.ts');
  const asked = await askedAmendment(options);
  const actor = actorOf(options, context);
  // Without pieces of an address nothing has to be read before it is checked.
  const whole = asked.pieces ? undefined : amendment(asked, actor);
  const [{ withSources }, { perform }, { presentAddress }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../perform.ts'),
    import('../../app/act-on-order.ts'),
  ]);
  await withSources(context.env, async (sources) => {
    const action = whole ?? (async () => amendment(asked, actor, await presentAddress(sources, orderId)));
    await perform({ sources, orderId, name: 'amend', action, options, context });
  });
}
