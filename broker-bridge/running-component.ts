/** A part of the system that runs until it is told to stop: the relay, a listener. */
export interface RunningComponent {
  readonly name: string;
  /** Resolves when the part has ended. Trouble outside never ends it: it waits and goes on. */
  readonly stopped: Promise<void>;
  /** Finishes what is at hand, takes nothing new, and resolves when all is put down. May be called twice. */
  stop(): Promise<void>;
}
