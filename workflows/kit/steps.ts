import { setCurrentDetails } from '@temporalio/workflow';
import { kindInRequestId } from '../../contracts/ids.ts';
import type { Acknowledgement } from '../../contracts/command.ts';
import { commandRoutes, type CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber, StepRecord } from '../../contracts/mediators/steps.ts';
import { legible } from '../../contracts/reading/legible.ts';
import { callOnce, type Answer, type Call } from './call.ts';

/** Calls processors for one flow, and logs each call and its result in the order of calling. */
export class StepLog {
  readonly #show: (records: readonly StepRecord[]) => void;
  #records: readonly StepRecord[] = [];

  /** `show` gets the whole log after every call and every answer. */
  constructor(show: (records: readonly StepRecord[]) => void) {
    this.#show = show;
  }

  /** Calls a processor once, as part of a step. */
  async call<Name extends CommandName>(step: StepNumber, call: Call<Name>): Promise<Answer<Name>> {
    const index = this.#records.length;
    this.#set(index, this.asked(step, call));
    const answer = await callOnce(call);
    if ('acknowledgement' in answer) {
      this.#answer(index, { acknowledgedAt: now(), attempt: answer.acknowledgement.attempt });
    } else {
      this.#answer(index, { refusal: answer.failure.kind === 'refusal' ? answer.failure.type : 'Fault' });
    }
    return answer;
  }

  /** The record of a call, made now or a moment ago; it is not in the log yet. */
  asked<Name extends CommandName>(
    step: StepNumber,
    { name: command, command: { requestId } }: Call<Name>,
    askedAt = now(),
  ): StepRecord {
    const { processor } = commandRoutes[command];
    return { step, command, processor, requestId, askedAt, acknowledgedAt: null, attempt: null, refusal: null };
  }

  /** Logs a call that was made by another way than `call`, when it has been acknowledged. */
  add(asked: StepRecord, { attempt }: Acknowledgement): void {
    this.#set(this.#records.length, { ...asked, acknowledgedAt: now(), attempt });
  }

  #answer(index: number, answer: Partial<StepRecord>): void {
    this.#set(index, { ...(this.#records[index] as StepRecord), ...answer });
  }

  #set(index: number, record: StepRecord): void {
    this.#records = [...this.#records.slice(0, index), record, ...this.#records.slice(index + 1)];
    this.#show(this.#records);
  }
}

/** The workflow's own clock, which replays the same. */
export const now = (): string => new Date().toISOString();

/** Shows the current details of a flow in the Web UI; what hides or reorders text is left out. */
export const showDetails = (markdown: string): void => setCurrentDetails(legible(markdown));

/** The table is made anew at every move, so that a longer one would cost a long flow much of its replay. */
const mostShown = 60;

/** The current details of a flow, as Markdown: some paragraphs, then the table of its last steps. */
export const detailsOf = (paragraphs: readonly string[], steps: readonly StepRecord[]): string =>
  [...paragraphs.flatMap((paragraph) => [paragraph, '']), ...stepTable(steps)].join('\n');

const stepTable = (steps: readonly StepRecord[]): readonly string[] => [
  '| step | command | processor | asked | acknowledged | attempt |',
  '| --- | --- | --- | --- | --- | --- |',
  ...(steps.length > mostShown ? [`| … | ${steps.length - mostShown} before | | | | |`] : []),
  ...steps.slice(-mostShown).map(row),
];

const row = (record: StepRecord): string =>
  `| ${record.step} | ${record.command}${mailKind(record)} | ${record.processor} | ${clock(record.askedAt)} | ${resultShown(record)} | ${record.attempt ?? ''} |`;

const mailKind = ({ requestId }: StepRecord): string => {
  const kind = kindInRequestId(requestId);
  return kind ? ` (${kind})` : '';
};

const resultShown = (record: StepRecord): string => {
  if (record.refusal) return record.refusal === 'Fault' ? 'failed' : `refused: ${record.refusal}`;
  if (!record.acknowledgedAt) return 'waiting';
  return `after ${Date.parse(record.acknowledgedAt) - Date.parse(record.askedAt)} ms`;
};

const clock = (instant: string): string => instant.slice(11, 23);

/** An instant to the minute, for people. */
export const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** Text from outside, safe to stand in current details: without Markdown, table cells or line breaks. */
export const plain = (text: string): string => text.replace(/[|<>`*_[\]\\\r\n]/g, ' ');
