import { TemporalFailure } from '@temporalio/common';
import { CancellationScope, condition, proxyLocalActivities, sleep } from '@temporalio/workflow';
import { commandRoutes, type CommandName } from '../../contracts/command-routes.ts';
import { longestCompact, type CompactAnswer, type CompactOrder } from '../../contracts/mediators/compact.ts';
import type { StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { AcknowledgementOf, Call, CommandOf } from '../kit/call.ts';

type LocalActivity<Name extends CommandName> = (
  command: CommandOf<Name>,
  order: CompactOrder,
) => Promise<CompactAnswer<AcknowledgementOf<Name>>>;

/** `failed`: it was refused, failed, or took too long. */
type Settled<Acknowledged = unknown> = CompactAnswer<Acknowledged> | { readonly notDone: 'failed' };

/**
 * The compact lane of an order: the commands of a step are local activities of the mediator's own worker, and no task
 * queue lies in between. It is open from the start until a command is not acknowledged at once; from then on every
 * command goes over its channel, where holds, retries, rounds and compensation are those of every order.
 *
 * A query or a slow command may end the workflow task while local activities are under way. Signals and actions that have
 * come are then seen before their results, but after them when the flow is replayed (docs/adr/0031). So nothing that comes from
 * outside has an effect while the lane is open: actions are refused as busy, signals and Temporal's cancel wait. And no
 * result is used before all of its step are there: they may come in another order when they are replayed.
 */
export class CompactLane {
  readonly #order: CompactOrder;
  readonly #isEnding: () => boolean;
  #isOpen: boolean;
  #step: Promise<Settled>[] | undefined;
  #allAnswered: Promise<void> = Promise.resolve();

  /** `isEnding` tells when the order has come to its last record. */
  constructor({ event, policy }: StartOrder, isEnding: () => boolean) {
    this.#order = { requestId: event.requestId };
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
   * Does what came from outside: at once when the lane is not open, otherwise when it was left. A cancel of the workflow
   * does not cut it off: as a signal's handler it would end the workflow.
   */
  whenLeft<Result>(work: () => Result | Promise<Result>): Result | Promise<Result> {
    if (!this.isOpen) return work();
    return CancellationScope.nonCancellable(() => condition(() => !this.isOpen)).then(work);
  }

  /** Begins the commands of one step. In the lane, the calls before their first wait are made together. */
  begin(commands: readonly (() => Promise<void>)[]): readonly Promise<void>[] {
    if (!this.isOpen) return commands.map((command) => command());
    const called: Promise<Settled>[] = [];
    this.#step = called;
    this.#allAnswered = Promise.resolve().then(() => this.#settle(called)); // when all of them have been called
    const works = commands.map((command) => command());
    this.#step = undefined;
    return works;
  }

  async #settle(called: readonly Promise<Settled>[]): Promise<void> {
    const ends = (await Promise.all(called)).map((end) => ('notDone' in end ? end.notDone : 'done'));
    if (ends.some((end) => end !== 'done')) this.leave();
    // The timer ends the workflow task, and with the next one comes what the step was interrupted for; an action that was
    // refused as busy a moment ago has come again by then.
    if (ends.includes('interrupted')) await sleep('1 second');
  }

  /**
   * Calls a command of the step. Answers when the whole step has answered; undefined when the command has to go over
   * its channel.
   */
  async call<Name extends CommandName>({
    name,
    command,
    summary,
  }: Call<Name>): Promise<AcknowledgementOf<Name> | undefined> {
    const { activity } = commandRoutes[name];
    const activities = proxyLocalActivities<Record<string, LocalActivity<Name>>>({
      startToCloseTimeout: longestCompact,
      retry: { maximumAttempts: 1 },
      summary,
    });
    const mine = settled((activities[activity] as LocalActivity<Name>)(command, this.#order));
    this.#step?.push(mine);
    await this.#allAnswered;
    const end = await mine;
    return 'notDone' in end ? undefined : end.acknowledgement;
  }
}

async function settled<Acknowledged>(called: Promise<CompactAnswer<Acknowledged>>): Promise<Settled<Acknowledged>> {
  try {
    return await called;
  } catch (error) {
    if (error instanceof TemporalFailure) return { notDone: 'failed' };
    throw error;
  }
}
