import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { OrderActionName, OrderActions } from '../../contracts/mediators/order-actions.ts';
import { parseOrderAction } from '../../contracts/schemas/actions.ts';
import { fieldSentences } from '../../contracts/schemas/problem.ts';
import { deadlineArgument, updateIdArgument } from './arguments.ts';
import type { Context, JsonOption } from '../context.ts';
import { optionSentences } from './problem-sentences.ts';
import { AppError } from '../../app/app-error.ts';

/** The options of every command that acts on an order or a return. */
export interface ActionOptions extends JsonOption {
  readonly actor?: string;
  readonly updateId?: string;
  readonly deadline: number;
}

/** Adds `--actor`, `--update-id`, `--deadline` and `--json`. */
export const withActionOptions = (command: Command, name: OrderActionName): Command =>
  command
    .option('--actor <name>', operatorsOnly.includes(name) ? operatorWords : customerWords)
    .option('--update-id <id>', 'asking again under it does nothing twice; a new one when left out', updateIdArgument)
    .addOption(deadlineOption('how long to wait for the decision'))
    .option('--json', 'print one JSON object');

/** `--deadline`, in milliseconds; ten seconds when it is left out. */
export const deadlineOption = (words: string): Option =>
  new Option('--deadline <seconds>', words).argParser(deadlineArgument).default(10_000, '10');

const operatorWords = 'the operator who acts; required, here or as ORDER_ACTOR';
const customerWords = 'the operator who acts; ORDER_ACTOR when left out, and the customer without either';

/** A new update id, for an action without `--update-id`. */
export const newUpdateId = (): string => `act-${randomUUID()}`;

type Acting = Pick<ActionOptions, 'actor'>;

/** The operator who acts, by name; null for the customer. */
export const operatorOf = ({ actor }: Acting, { env }: Context): string | null => actor ?? (env['ORDER_ACTOR'] || null);

/**
 * The operator who acts, where only an operator may. Throws an `AppError` that begins with `words` when none is named.
 */
export function requiredActor({ actor }: Acting, { env }: Context, words: string): string {
  const name = actor ?? env['ORDER_ACTOR'];
  if (name) return name;
  throw new AppError('bad-input', `${words} with --actor NAME, or set ORDER_ACTOR.`);
}

/**
 * The action as its mediator takes it. Throws an `AppError` that names every option, or every field of a file, that
 * cannot be used.
 */
export function checkedAction<Name extends OrderActionName>(
  name: Name,
  input: Readonly<Record<string, unknown>>,
  source: 'options' | 'file' = 'options',
): OrderActions[Name] {
  if (operatorsOnly.includes(name) && input['actor'] === null) {
    throw new AppError('bad-input', `Only an operator may ${name}: say who with --actor NAME, or set ORDER_ACTOR.`);
  }
  const parsed = parseOrderAction(name, input);
  if (parsed.ok) return parsed.action;
  const sentences = source === 'file' ? fieldSentences : optionSentences;
  throw new AppError('bad-input', `The order cannot be ${pasts[name]}: ${sentences(parsed.problems)}.`);
}

const operatorsOnly: readonly OrderActionName[] = ['approve', 'retry', 'skip'];

const pasts: { readonly [Name in OrderActionName]: string } = {
  approve: 'approved',
  pay: 'paid',
  amend: 'amended',
  retry: 'retried',
  skip: 'carried on',
  cancel: 'cancelled',
};
