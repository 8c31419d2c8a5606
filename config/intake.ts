import { z } from 'zod';

const limit = (most: number) => {
  const error = `must be a whole number, 1 to ${most}`;
  return z.coerce.number({ error }).int(error).min(1, error).max(most, error);
};

/** The variables that set the limits of an intake. */
export const intakeEnvironment = z.object({
  INTAKE_IN_FLIGHT: limit(10_000).default(200),
  INTAKE_UNDER_WAY: limit(100_000).default(300),
  INTAKE_BATCH: limit(1_000).default(100),
  INTAKE_ACK_SECONDS: limit(600).default(15),
});

/** The limits of intakes. */
export interface IntakeConfig {
  /**
   * The most customer events that may be delivered and not acknowledged, over all intakes. The intake that started last
   * sets it.
   */
  readonly inFlight: number;
  /**
   * The most workflows, started within the last minute, that may be under way. The next one waits for the mediators.
   */
  readonly underWay: number;
  /** The most events that are recorded in one transaction. */
  readonly batch: number;
  /**
   * The milliseconds after which an unacknowledged event is delivered again. The events of a killed intake wait for
   * that time.
   */
  readonly acknowledgeWithin: number;
}

/** The settings among the values of the environment. */
export const intakeConfigOf = (value: z.infer<typeof intakeEnvironment>): IntakeConfig => ({
  inFlight: value.INTAKE_IN_FLIGHT,
  underWay: value.INTAKE_UNDER_WAY,
  batch: value.INTAKE_BATCH,
  acknowledgeWithin: value.INTAKE_ACK_SECONDS * 1_000,
});
