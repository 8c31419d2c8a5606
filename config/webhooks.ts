import { z } from 'zod';
import { inMs } from '../contracts/duration.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { duration } from './policy-file.ts';

const hostsError = 'must be host:port, several with commas between them, as in localhost:9000,[::1]:9001';

/** As the hosts of URLs are written: lower-case letters. */
const hosts = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
  .refine((all) => all.every((host) => /^([a-z0-9._-]+|\[[0-9a-f:.]+\]):\d{1,5}$/.test(host)), hostsError);

const yesOrNo = z.enum(['true', 'false'], { error: 'must be true or false' });

const environment = z.object({
  WEBHOOK_ALLOWED_HOSTS: hosts.default([]),
  WEBHOOK_ALLOW_HTTP: yesOrNo.default('false'),
  WEBHOOK_SWITCH_OFF_AFTER: duration.default('5 days'),
});

/**
 * Reads the settings of webhooks, the same ones for client, desk and listener. Fails with one sentence that lists every
 * name that is wrong.
 */
export function loadWebhookConfig(env: Environment) {
  const value = readEnvironment(environment, env);
  return {
    /** `host:port` of endpoints that are allowed although they are not on the public internet. For development. */
    allowedHosts: new Set(value.WEBHOOK_ALLOWED_HOSTS),
    /** True where endpoints may do without TLS. For development. */
    isHttpAllowed: value.WEBHOOK_ALLOW_HTTP === 'true',
    /** An endpoint that has failed for so many milliseconds is switched off. */
    switchOffAfter: inMs(value.WEBHOOK_SWITCH_OFF_AFTER),
  };
}
