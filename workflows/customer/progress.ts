import type { NextEvent, SimpleEvent } from '../../contracts/mediators/customer-mediator.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { Answer } from '../kit/call.ts';
import { plain, showDetails } from '../kit/steps.ts';

/** A long list would be made anew at every step. */
const linesShown = 20;

/** Shows in the Web UI what is done of a customer's events, what waits, and for what. */
export class CustomerProgress {
  readonly #customerId: string;
  #done: readonly string[] = [];
  #now: { readonly title: string; readonly commands: Map<string, string> } | undefined;

  constructor(customerId: string) {
    this.#customerId = customerId;
  }

  /** Lines about events whose mediators were started. */
  delegated(lines: readonly string[]): void {
    if (lines.length > 0) this.#add(...lines);
  }

  waits({ waiting, waitsFor }: Extract<NextEvent, { next: 'waits' }>): void {
    const [first, ...others] = waiting.map(plain);
    const more = others.length > 0 ? `, and behind it ${others.slice(0, linesShown).join(', ')}` : '';
    this.#show(`**Waits** for ${plain(waitsFor)}: ${first ?? 'nothing'}${more}`);
  }

  begins({ name, origin }: SimpleEvent): void {
    this.#now = { title: plain(`${name} ${origin.source} ${origin.id}`), commands: new Map() };
  }

  asks(command: CommandName): void {
    this.#answered(command, 'waiting');
  }

  answers<Name extends CommandName>(command: Name, answer: Answer<Name>): void {
    if ('acknowledgement' in answer) this.#answered(command, `done, attempt ${answer.acknowledgement.attempt}`);
    else if (answer.failure.kind === 'refusal') this.#answered(command, `refused: ${answer.failure.type}`);
    else this.#answered(command, 'failed, is called again later');
  }

  ends(how: string): void {
    const title = this.#now?.title ?? '';
    this.#now = undefined;
    this.#add(`${title}: ${how}`);
  }

  #answered(command: CommandName, answer: string): void {
    this.#now?.commands.set(command, answer);
    const lines = [...(this.#now?.commands ?? [])].map(([called, said]) => `- ${called}: ${said}`);
    this.#show([`**Now** ${this.#now?.title}`, '', ...lines].join('\n'));
  }

  #add(...lines: readonly string[]): void {
    this.#done = [...this.#done, ...lines];
    this.#show('Looks for the next event.');
  }

  #show(present: string): void {
    const before = this.#done.length - linesShown;
    const done = this.#done.slice(-linesShown).map((line) => `- ${line}`);
    const title = `**${plain(this.#customerId)}**: ${this.#done.length} events so far${before > 0 ? `, the last ${linesShown} of them` : ''}`;
    showDetails([title, '', ...done, '', present].join('\n'));
  }
}
