import { TemporalFailure } from '@temporalio/common';
import { CancellationScope, condition, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { CompactAnswer, CompactCommand, CompactSteps } from '../../contracts/mediators/compact.ts';
import type { StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import type { AcknowledgementOf, Call } from '../kit/call.ts';

/** The calls of the step that begins, and what they are answered: in the same order, null for one not acknowledged. */
interface Step {
  readonly calls: Call<CommandName>[];
  /** When it was asked; undefined when that is now. */
  readonly askedAt: string | undefined;
  readonly acknowledgements: Promise<CompactAnswer['acknowledgements']>;
}

/**
 * The compact lane of an order: the commands of a step are done by one local activity of the mediator's own worker
 * (those of the first by the one that opens the order's row), and no task queue lies in between. It is open from the
 * start until a command is not acknowledged at once; from then on every command goes over its channel, where holds,
 * retries, rounds and compensation are those of every order.
 *
 * A query or a slow command may end the workflow task while the local activity is under way. Signals and actions that
 * have come are then seen before its result, but after it when the flow is replayed (docs/adr/0031). So nothing that
 * comes from outside has an effect while the lane is open: actions are refused as busy, signals and Temporal's cancel
 * wait.
 */
export class CompactLane {
  readonly #requestId: string;
  readonly #isEnding: () => boolean;
  #isOpen: boolean;
  #step: Step | undefined;
  #done: { readonly answer: CompactAnswer; readonly askedAt: string } | undefined;

  /** `isEnding` tells when the order has come to its last record. */
  constructor({ event, policy }: StartOrder, isEnding: () => boolean) {
    this.#requestId = event.requestId;
    this.#isOpen = policy.lane === 'compact';
    this.#isEnding = isEnding;
  }

  /** False for good once it was left, or when the order ends. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isEnding();
  }

  /** True while the commands of a step are being called: one that is called now belongs to the step. */
  get takesCommands(): boolean {
    return this.#step !== undefined;
  }

  /** From here on every command goes over its channel. */
  leave(): void {
    this.#isOpen = false;
  }

  /**
   * Does what came from outside: at once when the lane is not open, otherwise when it was left. A cancel of the
   * workflow does not cut it off: as a signal's handler it would end the workflow.
   */
  whenLeft<Result>(work: () => Result | Promise<Result>): Result | Promise<Result> {
    if (!this.isOpen) return work();
    return CancellationScope.nonCancellable(() => condition(() => !this.isOpen)).then(work);
  }

  /** Takes the answer to the step that begins next: it is done already. */
  takeDone(answer: CompactAnswer, askedAt: string): void {
    this.#done = { answer, askedAt };
  }

  /** When the step was asked whose commands are being called; undefined when that is now. */
  get askedAt(): string | undefined {
    return this.#step?.askedAt;
  }

  /** Begins the commands of one step. In the lane, the calls before their first wait are made together. */
  begin(number: StepNumber, commands: readonly (() => Promise<void>)[]): readonly Promise<void>[] {
    if (!this.isOpen) return commands.map((command) => command());
    const calls: Call<CommandName>[] = [];
    const { answer, askedAt } = this.#done ?? {};
    this.#done = undefined;
    this.#step = {
      calls,
      askedAt,
      acknowledgements: Promise.resolve().then(() => this.#perform(number, calls, answer)),
    };
    const works = commands.map((command) => command());
    this.#step = undefined;
    return works;
  }

  /**
   * Calls a command of the step. Answers when the whole step has answered; undefined when the command has to go over
   * its channel.
   */
  call<Name extends CommandName>(call: Call<Name>): Promise<AcknowledgementOf<Name> | undefined> {
    if (!this.#step) throw new Error(`${call.name} was called in the compact lane beside its steps.`);
    const { calls, acknowledgements } = this.#step;
    const index = calls.push(call) - 1;
    return acknowledgements.then((all) => (all[index] ?? undefined) as AcknowledgementOf<Name> | undefined);
  }

  async #perform(
    step: StepNumber,
    calls: readonly Call<CommandName>[],
    done: CompactAnswer | undefined,
  ): Promise<CompactAnswer['acknowledgements']> {
    if (calls.length === 0) return [];
    const { acknowledgements, isInterrupted } = done ?? (await this.#ask(step, calls));
    if (calls.some((_, index) => !acknowledgements[index])) this.leave();
    // The timer ends the workflow task, and with the next one comes what the step was interrupted for; an action that
    // was refused as busy a moment ago has come again by then.
    if (isInterrupted) await sleep('1 second');
    return acknowledgements;
  }

  #ask(step: StepNumber, calls: readonly Call<CommandName>[]): Promise<CompactAnswer> {
    const commands = calls.map(({ name, command }): CompactCommand => ({ name, command }));
    const { performStep } = proxyLocalActivities<CompactSteps>({
      startToCloseTimeout: '5 seconds', // longer than any command may take
      retry: { maximumAttempts: 1 },
      summary: calls.map(({ summary }) => summary).join(' · '),
    });
    return answered(performStep({ requestId: this.#requestId, step, commands }));
  }
}

/** A step that fails as a whole has acknowledged nothing. */
async function answered(performed: Promise<CompactAnswer>): Promise<CompactAnswer> {
  try {
    return await performed;
  } catch (error) {
    if (error instanceof TemporalFailure) return { acknowledgements: [], isInterrupted: false };
    throw error;
  }
}
