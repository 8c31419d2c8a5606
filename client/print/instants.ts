/** The time of day of an ISO 8601 instant, in UTC. */
export const clock = (instant: string): string => instant.slice(11, 23);

/** Day and time of an ISO 8601 instant, in UTC, to the second. */
export const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
