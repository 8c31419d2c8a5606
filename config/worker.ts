import { z } from 'zod';

const slots = (least: number) => {
  const error = `must be a whole number, ${least} to 10000`;
  return z.coerce.number({ error }).int(error).min(least, error).max(10_000, error).optional();
};

const duration = z
  .string()
  .regex(/^\d{1,6} ?(s|seconds?|m|minutes?)$/, 'must be a duration such as "10 seconds" or "2 minutes"')
  .transform((text) => Number.parseInt(text, 10) * (/m/.test(text) ? 60_000 : 1000));

const namePattern = (what: string) => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, `must be ${what}`);

/** The variables of Temporal workers. */
export const workerEnvironment = z.object({
  WORKER_IDENTITY: z.string().min(1).max(200).optional(),
  WORKER_ACTIVITY_SLOTS: slots(1),
  WORKER_LOCAL_ACTIVITY_SLOTS: slots(1),
  WORKER_WORKFLOW_TASK_SLOTS: slots(2),
  WORKER_CACHED_WORKFLOWS: slots(0),
  WORKER_SHUTDOWN_GRACE: duration.default(10_000),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be up to 100 letters, digits, dots, hyphens and underscores')
    .optional(),
  WORKER_DEPLOYMENT_PREFIX: namePattern('up to 64 letters, digits, hyphens and underscores').optional(),
});

/** The settings of a process's Temporal workers. A setting that is undefined is left to the SDK. */
export type WorkerConfig = ReturnType<typeof workerConfigOf>;

/** The settings among the values of the environment. */
export const workerConfigOf = (value: z.infer<typeof workerEnvironment>) => ({
  /** A suffix of the worker's identity, after the part's name; the process id when not given. */
  identity: value.WORKER_IDENTITY,
  activitySlots: value.WORKER_ACTIVITY_SLOTS,
  localActivitySlots: value.WORKER_LOCAL_ACTIVITY_SLOTS,
  workflowTaskSlots: value.WORKER_WORKFLOW_TASK_SLOTS,
  cachedWorkflows: value.WORKER_CACHED_WORKFLOWS,
  /** The milliseconds that commands under way have to finish once the process is told to stop. */
  shutdownGraceMs: value.WORKER_SHUTDOWN_GRACE,
  /** The version of this worker; turns worker versioning on. */
  buildId: value.WORKER_BUILD_ID,
  /** A prefix for the name of every deployment, where systems share a namespace. */
  deploymentPrefix: value.WORKER_DEPLOYMENT_PREFIX,
});
