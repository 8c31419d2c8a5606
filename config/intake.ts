import { z } from 'zod';

const limit = (most: number) => {
  const error = `must be a whole number, 1 to ${most}`;
  return z.coerce.number({ error }).int(error).min(1, error).max(most, error);
};

/** The variables that set the limits of an intake. */
export const intakeEnvironment = z.object({
  INTAKE_UNDER_WAY: limit(100_000).default(300),
  INTAKE_BATCH: limit(1_000).default(100),
  INTAKE_ACK_SECONDS: limit(600).default(15),
});

/** The limits of intakes, among the values of the environment. */
export const intakeConfigOf = (value: z.infer<typeof intakeEnvironment>) => ({
  underWay: value.INTAKE_UNDER_WAY,
  batch: value.INTAKE_BATCH,
  acknowledgeWithin: value.INTAKE_ACK_SECONDS * 1_000,
});
