import { Option, type Command } from 'commander';
import { AppError } from '../../app/app-error.ts';
import type { Address } from '../../contracts/address.ts';
import type { OrderActions } from '../../contracts/mediators/order-actions.ts';
import { isRecord } from '../../contracts/reading/record.ts';
import type { Context } from '../context.ts';
import { checkedAction, operatorOf, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { lineArgument, orderIdArgument } from '../options/arguments.ts';
import { readJsonFile } from '../options/input-file.ts';
import type { OrderOptions } from '../options/order-request.ts';
import { actAndPrint } from './order-actions.ts';

const piecesOfAnAmendment = ['line', 'name', 'street', 'city', 'postcode', 'country'];

/** `amend`: changes the lines or the address of a held order. */
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
  withActionOptions(command, 'amend').action((orderId: string, options: ActionOptions & AmendmentOptions) =>
    amend(orderId, options, context),
  );
}

async function amend(orderId: string, options: ActionOptions & AmendmentOptions, context: Context): Promise<void> {
  const asked = await askedAmendment(options);
  const actor = operatorOf(options, context);
  // Without pieces of an address the amendment is checked before anything is read.
  const whole = asked.pieces ? undefined : amendment(asked, actor);
  const [{ withSources }, { presentAddress }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/act-on-order.ts'),
  ]);
  await withSources(context.env, async (sources) => {
    const action = whole ?? (async () => amendment(asked, actor, await presentAddress(sources, orderId)));
    await actAndPrint({ sources, orderId, name: 'amend', action }, options, context);
  });
}

/** The options of `amend` that say what changes. */
type AmendmentOptions = Partial<Pick<OrderOptions, 'file' | 'line' | keyof Address>>;

const addressParts = ['name', 'street', 'city', 'postcode', 'country'] as const satisfies readonly (keyof Address)[];

/** An amendment before it is checked. */
interface AskedAmendment {
  readonly source: 'options' | 'file';
  readonly asked: Readonly<Record<string, unknown>>;
  /** Pieces of the address to lay over the present one; undefined when it stays. */
  readonly pieces?: Readonly<Partial<Record<keyof Address, string>>>;
}

/** Reads the changes from a file or the options. Throws an `AppError` when there are none. */
async function askedAmendment(options: AmendmentOptions): Promise<AskedAmendment> {
  if (options.file !== undefined) return { source: 'file', asked: await objectInFile(options.file) };
  const given = addressParts.filter((part) => options[part] !== undefined);
  if (!options.line && given.length === 0) {
    const parts = addressParts.map((part) => `--${part}`).join(', ');
    throw new AppError(
      'bad-input',
      `Say what is to change: --line ISBN:QUANTITY for every title, any of ${parts}, or --file.`,
    );
  }
  const asked = options.line ? { lines: options.line.map(lineArgument) } : {};
  if (given.length === 0) return { source: 'options', asked };
  return { source: 'options', asked, pieces: Object.fromEntries(given.map((part) => [part, options[part]])) };
}

/**
 * The amendment, checked. The pieces are laid over `present`, the address the order has; without pieces it is not
 * needed. `--postcode ''` takes the postcode away.
 */
function amendment(
  { source, asked, pieces }: AskedAmendment,
  actor: string | null,
  present?: Address,
): OrderActions['amend'] {
  const { postcode, ...rest } = { ...present, ...pieces };
  const shipTo = pieces ? { shipTo: { ...rest, ...(postcode ? { postcode } : {}) } } : {};
  return checkedAction('amend', { ...asked, ...shipTo, actor }, source);
}

async function objectInFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const value = await readJsonFile(file);
  if (isRecord(value)) return value;
  const message = 'The order cannot be amended: the file must hold an object with lines, shipTo, or both.';
  throw new AppError('bad-input', message);
}
