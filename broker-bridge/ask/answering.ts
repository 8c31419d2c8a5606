import {
  questionNames,
  type Answered,
  type AskError,
  type AskHandlers,
  type QuestionName,
} from '../../contracts/outside/ask.ts';
import { reasonOf, type Log } from '../component.ts';
import type { ServiceRequest } from '../nats/service-port.ts';
import { sleep } from '../waiting.ts';
import { isReplySubject, readQuestion, repeatedHeaders, toMessage } from './messages.ts';
import { createTally, type Tally } from './tally.ts';

/** The questions that one process has under way at most. The next one is told so, instead of waiting in silence. */
const mostUnderWay = 200;

/** Answers questions side by side, each with exactly one message to the subject that it names. */
export class Answering {
  readonly #handlers: AskHandlers;
  readonly #log: Log;
  readonly #underWay = new Set<Promise<void>>();
  readonly #patience = createPatience();
  readonly #tallies: ReadonlyMap<QuestionName, Tally> = new Map(questionNames.map((name) => [name, createTally()]));

  constructor(handlers: AskHandlers, log: Log) {
    this.#handlers = handlers;
    this.#log = log;
  }

  /** Takes a question. Without a subject to reply to nothing is done, because the answer would go nowhere. */
  take(name: QuestionName, request: ServiceRequest): void {
    const isAnswerable = request.replyTo !== undefined && isReplySubject(request.replyTo);
    if (!isAnswerable) return this.#tallies.get(name)?.ignore();
    const answering = this.#answer(name, request).finally(() => this.#underWay.delete(answering));
    this.#underWay.add(answering);
  }

  /** The numbers of a question, for the statistics of the service. */
  statistics(name: QuestionName): object {
    return this.#tallies.get(name)?.numbers() ?? {};
  }

  /** Resolves when everything under way is answered: after so many milliseconds with the sentence that we stop. */
  async finish(withinMs: number): Promise<void> {
    const finished = new AbortController();
    const all = Promise.all(this.#underWay).finally(() => finished.abort());
    await sleep(withinMs, finished.signal);
    this.#patience.end();
    await all;
  }

  async #answer(name: QuestionName, request: ServiceRequest): Promise<void> {
    const began = performance.now();
    const answer = await this.#find(name, request);
    this.#tallies.get(name)?.count(answer, performance.now() - began);
    try {
      request.respond(toMessage(answer, repeatedHeaders(request.headers)));
    } catch (error) {
      this.#log.warn({ question: name, error: reasonOf(error) }, 'An answer could not be sent');
    }
  }

  async #find(name: QuestionName, request: ServiceRequest): Promise<Answered> {
    if (this.#underWay.size >= mostUnderWay) return tooMany;
    const read = readQuestion(request);
    if (!read.ok) return read;
    try {
      return await this.#patience.orWhenOver<Answered>(this.#handlers[name](read.asked), stopping);
    } catch (error) {
      this.#log.error({ question: name, error: reasonOf(error) }, 'A question met a fault');
      return fault;
    }
  }
}

const failed = (kind: AskError['kind'], message: string): Answered => ({ ok: false, error: { kind, message } });

const again = 'Ask again with the same content: an order that was accepted is not placed twice under its request id.';
const tooMany = failed('busy', 'Too many questions are under way here, so nothing was done. Ask again later.');
const fault = failed('fault', `An error on our side kept the answer back. ${again}`);
const stopping = failed(
  'not-known',
  `The process that was asked is stopping and did not wait for its answer. ${again}`,
);

/** Lets work go on until patience is over. */
function createPatience() {
  const waiting = new Set<() => void>();
  return {
    /** The result of the work; the other one when patience is over first. */
    orWhenOver: <Result>(work: Promise<Result>, otherwise: Result): Promise<Result> =>
      new Promise((resolve, reject) => {
        const giveUp = () => resolve(otherwise);
        waiting.add(giveUp);
        void work.then(resolve, reject).finally(() => waiting.delete(giveUp));
      }),
    end(): void {
      for (const giveUp of waiting) giveUp();
    },
  };
}
