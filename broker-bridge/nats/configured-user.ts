import type { NatsUser } from './users.ts';

/** The user as nats-server's configuration has it, which takes JSON. */
export const configuredUser = (user: NatsUser, password: string): string =>
  JSON.stringify({
    user: user.name,
    password,
    permissions: {
      publish: { allow: user.publish, ...(user.neverPublish?.length ? { deny: user.neverPublish } : {}) },
      subscribe: { allow: user.subscribe },
      ...(user.answers ? { allow_responses: true } : {}),
    },
  });
