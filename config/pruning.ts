import { z } from 'zod';
import { factStream } from '../contracts/facts.ts';

/**
 * An age in days. Less than `least` is refused with the guarantee that would not have lapsed by then.
 */
const days = (usual: number, least: number, guarantee: string) => {
  const error = `must be whole days, ${least} to 36500: ${guarantee}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(36_500, error).default(usual);
};

const inStream = factStream.maxAgeDays;

const timeError = 'must be a time of day in UTC, as 03:30, or off';

/**
 * The variables of pruning. A fact that the stream has lost is published again as long as it was to be there, and stays
 * for as long once more: a listener may hear it for twice that time. People at the desk, and a workflow that an
 * operator resets in Temporal, need the others for as long as Temporal keeps workflows: 90 days at most where it is a
 * service.
 */
export const pruningEnvironment = z.object({
  PRUNE_AT: z
    .string()
    .regex(/^(off|([01]\d|2[0-3]):[0-5]\d)$/, timeError)
    .default('03:30'),
  PRUNE_FACTS_DAYS: days(
    45,
    inStream + 1,
    `a fact that the stream has lost within ${inStream} days is published again from the outbox`,
  ),
  PRUNE_SEEN_DAYS: days(
    60,
    2 * inStream,
    `a listener may hear a fact again for ${2 * inStream} days, and knows it by what it has noted`,
  ),
  PRUNE_ANSWERS_DAYS: days(90, 30, 'a workflow that is reset in Temporal asks its commands again'),
  PRUNE_CASES_DAYS: days(90, 30, 'a message that was sent back may be handed over again'),
  PRUNE_HISTORIES_DAYS: days(180, 30, 'people look at what became of an order'),
});

/** The settings of pruning, among the values of the environment. */
export const pruningConfigOf = (value: z.infer<typeof pruningEnvironment>) => ({
  /** The time of day in UTC, as `03:30`; null when nothing is pruned. */
  at: value.PRUNE_AT === 'off' ? null : value.PRUNE_AT,
  /** The days after which each kind is pruned. */
  ages: {
    facts: value.PRUNE_FACTS_DAYS,
    seen: value.PRUNE_SEEN_DAYS,
    answers: value.PRUNE_ANSWERS_DAYS,
    cases: value.PRUNE_CASES_DAYS,
    histories: value.PRUNE_HISTORIES_DAYS,
  },
});
