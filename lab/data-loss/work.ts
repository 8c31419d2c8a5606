/** The three holes of the chapter, and what closes them. */
export interface Holes {
  /** Producer to queue. `forget`: published without an acknowledgement. `awaited`: each is acknowledged, on disk. */
  readonly publishes: 'forget' | 'awaited';
  /** Queue to processor. `automatic`: delivered is done. `explicit`: done when the processor says so. */
  readonly acknowledges: 'automatic' | 'explicit';
  /** Processor to database: the acknowledgement comes before the commit, or after it. */
  readonly when: 'before-commit' | 'after-commit';
  /** An inbox row in the transaction of the effect, so that a message that comes again has no second effect. */
  readonly hasInbox: boolean;
}

/** The settings of the producer and of the processor. */
export interface WorkSettings extends Holes {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** Of this run. */
  readonly run: string;
  readonly messages: number;
  /** The file in which the producer notes up to which message it has published. */
  readonly noteFile: string;
}

/** The stream, the subject and the consumer of a run. */
export const namesOf = (run: string) => ({
  stream: `LAB_LOSS_${run}`,
  subject: `lab.loss.${run}`,
  consumer: 'processor',
});

/** Messages that the producer publishes at once, and then pauses. */
export const publishedAtOnce = 10;
/** A pause that makes about 700 messages a second. */
export const pauseMs = 12;

/** Messages that the processor has in work at the same time, and the time of the work: that of a call to a partner. */
export const atTheSameTime = 20;
export const workMs = 20;
