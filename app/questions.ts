import type { OrderPolicy } from '../contracts/mediators/order-policy.ts';
import type { Answered, AskError, AskHandlers } from '../contracts/outside/ask.ts';
import { asMeant } from '../contracts/reading/as-meant.ts';
import { parsePlaceOrder } from '../contracts/schemas/initiating-events.ts';
import { fieldSentences, type Problem } from '../contracts/schemas/problem.ts';
import { parseQuestion } from '../contracts/schemas/questions.ts';
import { databaseProblem, problemWords } from '../prisma/unreachable.ts';
import { AppError } from './app-error.ts';
import { readOrderStatus } from './orders.ts';
import { placeOrder } from './place.ts';
import { stockOf } from './reads/stock.ts';
import type { Sources } from './sources.ts';

/**
 * Answers the questions that come by message, with the checks and refusals of the command line. `policy` is that of the
 * orders it places.
 */
export const createAskHandlers = (sources: Sources, policy: OrderPolicy): AskHandlers => ({
  'place-order': ({ body, deadlineMs }) =>
    answered(() => {
      const parsed = parsePlaceOrder(asMeant(body));
      if (!parsed.ok) throw badInput('The order cannot be placed', parsed.problems);
      return placeOrder({ ...sources, event: parsed.event, policy, deadlineMs, by: 'message' });
    }),
  'order-status': ({ body }) =>
    answered(() => {
      const parsed = parseQuestion('order-status', body);
      if (!parsed.ok) throw badInput('The order cannot be looked up', parsed.problems);
      return readOrderStatus(sources, parsed.question.orderId);
    }),
  stock: ({ body }) =>
    answered(async () => {
      const parsed = parseQuestion('stock', body);
      if (!parsed.ok) throw badInput('The stock cannot be looked up', parsed.problems);
      return { titles: await stockOf(sources.database, parsed.question.isbns) };
    }),
});

const badInput = (what: string, problems: readonly Problem[]): AppError =>
  new AppError('bad-input', `${what}: ${fieldSentences(problems)}.`, { problems });

/** The answer that the work gives. An error that is no asker's business is thrown as it came. */
async function answered<Value>(work: () => Promise<Value>): Promise<Answered<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const told = toldError(error);
    if (!told) throw error;
    return { ok: false, error: told };
  }
}

function toldError(error: unknown): AskError | undefined {
  const problem = databaseProblem(error);
  if (problem) return { kind: 'unreachable', message: `The database ${problemWords(problem)}. Ask again later.` };
  if (!(error instanceof AppError) || error.kind === 'cancelled') return undefined;
  const { kind, message, refusal: type, problems } = error;
  return { kind, message, ...(type && { type }), ...(problems && { problems }) };
}
