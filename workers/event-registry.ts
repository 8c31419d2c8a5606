import type { EventRegistry } from '../broker-bridge/intake/read-event.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { loadReturnPolicy } from '../config/return-policy.ts';
import { initiatingEvents } from '../contracts/initiating-events.ts';
import { eventSchemas } from '../contracts/schemas/initiating-events.ts';

/** The initiating events there are, with the policies this environment names. Throws a sentence when one of those cannot be read. */
export const eventRegistry = (env: NodeJS.ProcessEnv): EventRegistry => ({
  catalogue: initiatingEvents,
  schemas: eventSchemas,
  policies: { order: loadOrderPolicy(env), return: loadReturnPolicy(env) },
});
