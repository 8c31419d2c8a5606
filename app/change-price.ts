import { ActivityExecutionFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { commandRoutes } from '../contracts/command-routes.ts';
import { priceRequestId } from '../contracts/ids.ts';
import { formatMoney, type Money } from '../contracts/money.ts';
import type { ChangePrice, PriceStored } from '../contracts/order-placement.ts';
import { AppError } from './app-error.ts';
import { isUnanswered } from './ask-workflow.ts';

/** A new price of a title, under the id that the caller chose: under one id it is changed once. */
export interface AskedPrice {
  readonly client: Client;
  readonly isbn: string;
  readonly price: Money;
  readonly requestId: string;
  readonly deadlineMs: number;
}

/** Faults are retried for so long, also when the answer is not waited for; a price is not changed hours later. */
const patience = {
  retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '5 seconds' },
  scheduleToClose: '1 minute',
} as const;

/**
 * Has order placement change a price: one command, which is an activity of its own, as no flow follows from it. Throws
 * an `AppError` when it is refused, when the id belongs to another price, or when there is no answer in time.
 */
export async function changePrice(asked: AskedPrice): Promise<PriceStored> {
  const stored = await execute(asked).catch((error: unknown) => {
    throw translated(error, asked);
  });
  const { isbn, price, requestId } = asked;
  if (stored.isbn === isbn && formatMoney(stored.price) === formatMoney(price)) return stored;
  const message = `Request id ${requestId} was used for another price already; choose another, or leave it out to get a new one.`;
  throw new AppError('request-id-taken', message);
}

/** A repeat attaches to the activity that runs, and after its end it gets the answer that the processor has stored. */
function execute({ client, isbn, price, requestId, deadlineMs }: AskedPrice): Promise<PriceStored> {
  const { activity, channel, startToClose } = commandRoutes['change-price'];
  const command: ChangePrice = { requestId: priceRequestId(requestId), isbn, price };
  const { retry, scheduleToClose } = patience;
  return client.withDeadline(Date.now() + deadlineMs, () =>
    client.activity.execute<PriceStored>(activity, {
      id: command.requestId,
      taskQueue: channel,
      args: [command],
      startToCloseTimeout: startToClose,
      scheduleToCloseTimeout: scheduleToClose,
      retry,
      summary: `change-price: ${isbn} to ${formatMoney(price)}`,
      idReusePolicy: 'ALLOW_DUPLICATE',
      idConflictPolicy: 'USE_EXISTING',
    }),
  );
}

function translated(error: unknown, { requestId, deadlineMs }: AskedPrice): unknown {
  if (error instanceof ActivityExecutionFailedError && error.cause instanceof ApplicationFailure) {
    if (error.cause.nonRetryable) return new AppError('refused', error.cause.message, { cause: error });
    return unknown(`order placement could not do it (${error.cause.message})`, requestId, error);
  }
  if (error instanceof ActivityExecutionFailedError) return unknown('order placement gave no answer', requestId, error);
  return isUnanswered(error) ? unknown(`no answer within ${deadlineMs / 1000} s`, requestId, error) : error;
}

const unknown = (why: string, requestId: string, cause: unknown): AppError =>
  new AppError(
    'not-known',
    `It is not known whether the price was changed: ${why}. See that order-placement runs ("npm start"), and ask again with the same --request-id ${requestId}: it is not done twice.`,
    { cause },
  );
