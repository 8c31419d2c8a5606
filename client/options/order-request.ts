import { randomUUID } from 'node:crypto';
import { sentenceOf, AppError } from '../../app/app-error.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { parsePlaceOrder } from '../../contracts/schemas/initiating-events.ts';
import { fieldSentences } from '../../contracts/schemas/problem.ts';
import { asMeant } from '../../contracts/reading/as-meant.ts';
import { isRecord } from '../../contracts/reading/record.ts';
import { lineArgument } from './arguments.ts';
import { readJsonFile } from './input-file.ts';
import { optionSentences } from './problem-sentences.ts';

/** The options of `place` that describe the order. */
export interface OrderOptions {
  readonly file?: string;
  readonly requestId?: string;
  readonly customer?: string;
  readonly line?: readonly string[];
  readonly card?: string;
  readonly currency: string;
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
}

/**
 * The order the options ask for, from a file or piece by piece. Throws an `AppError` that names every field or option
 * that is wrong.
 */
export async function orderRequest(options: OrderOptions): Promise<PlaceOrder> {
  const parsed = parsePlaceOrder(
    asMeant(options.file === undefined ? orderFromOptions(options) : await fromFile(options, options.file)),
  );
  if (!parsed.ok)
    throw new AppError('bad-input', `The order cannot be placed: ${sentencesFor(options)(parsed.problems)}.`);
  return parsed.event;
}

const sentencesFor = ({ file }: OrderOptions) => (file === undefined ? optionSentences : fieldSentences);

/** A new request id, for an order without `--request-id`. */
export const newRequestId = (): string => `req-${randomUUID()}`;

function orderFromOptions(options: OrderOptions) {
  const { requestId = newRequestId(), customer: customerId, line = [], card, currency } = options;
  const { name, street, city, postcode, country } = options;
  const shipTo = { name, street, city, ...(postcode === '' ? {} : { postcode }), country }; // `--postcode ''` is none
  return { requestId, customerId, lines: line.map(lineArgument), card, shipTo, currency };
}

/** `--request-id` beside `--file` takes the place of the one in the file. */
async function fromFile({ requestId }: OrderOptions, file: string): Promise<unknown> {
  const value = await readJsonFile(file);
  return requestId !== undefined && isRecord(value) ? { ...value, requestId } : value;
}

/** The policy the environment gives. Throws an `AppError` that names every field of its file that cannot be used. */
export function givenPolicy(env: Readonly<Record<string, string | undefined>>): OrderPolicy {
  try {
    return loadOrderPolicy(env);
  } catch (error) {
    throw new AppError('bad-input', sentenceOf(error), { cause: error });
  }
}
