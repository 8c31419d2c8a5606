import type { Channel } from './channels.ts';
import { commandRoutes, type ProcessorName } from './command-routes.ts';

/**
 * The brake on an event channel: its commands wait, or a limited number of them is given to its workers. Only the
 * channels of processors have one, since Temporal limits no queue of workflows.
 */
export interface ChannelBrake {
  readonly channel: Channel;
  /** The commands that its workers get in a second, all together; 0 while they get none. */
  readonly perSecond: number;
  /** Why it was braked; a release leaves it. */
  readonly reason: string;
  /** Who has set this rate. */
  readonly actor: string;
  /** The instant at which it was set, ISO 8601. */
  readonly since: string;
}

/** The actions of people on a channel. `actor` is the name of who does it. */
export interface ChannelActions {
  brake: { readonly reason: string; readonly actor: string };
  /** To this rate; null takes the brake off. When it is left out: to the next of `releaseSteps`. */
  release: { readonly perSecond?: number | null; readonly actor: string };
}

export type ChannelActionName = keyof ChannelActions;

/** A brake is released in these steps, in commands a second; after the last one it is off. */
export const releaseSteps = [1, 5, 25] as const;

/** The highest rate of a brake; for more it is taken off. */
export const highestRate = 10_000;

/** The step of a release that follows this rate; null when the brake comes off. */
export const nextStep = (perSecond: number): number | null => releaseSteps.find((step) => step > perSecond) ?? null;

const routes = Object.values(commandRoutes);

/** The channels that can be braked, by their processors. */
export const processorChannels: ReadonlyMap<ProcessorName, Channel> = new Map(
  routes.map(({ processor, channel }) => [processor, channel]),
);

/** An event channel as Temporal describes its task queue, with its brake. */
export interface ChannelView {
  readonly name: Channel;
  readonly kind: 'mediator' | 'processor' | 'workflow-processor';
  /** The tasks that wait. */
  readonly depth: number;
  /** The age of the oldest of them; null when none waits. */
  readonly oldestSeconds: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly pollers: number;
  /** The rate that Temporal was told, in tasks a second; null when it was told none. */
  readonly limitPerSecond: number | null;
  /** The brake as it is recorded; null when there is none. */
  readonly brake: ChannelBrake | null;
}
