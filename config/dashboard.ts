import { z } from 'zod';
import type { StackPorts } from './config.ts';
import { givenIn, port, readEnvironment, type Environment } from './environment.ts';

/** The settings of the repair desk: its address, its token, and its links. */
export type DashboardConfig = ReturnType<typeof loadDashboardConfig>;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be http://host:port' }).optional();

const environment = z.object({
  DASHBOARD_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  DASHBOARD_PORT: port.optional(),
  DASHBOARD_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,512}$/, 'must be 32 to 512 printable characters without spaces')
    .optional(),
  DASHBOARD_URL: httpUrl,
  MAILS_URL: httpUrl,
  TEMPORAL_UI_URL: httpUrl,
});

/**
 * Reads the desk's variables. Fails with one sentence that lists every name that is wrong, and when it would listen
 * beyond this machine without a token.
 */
export function loadDashboardConfig(env: Environment, stack: Pick<StackPorts, 'dashboard' | 'mails' | 'temporalUi'>) {
  const { DASHBOARD_HOST: host, DASHBOARD_TOKEN: token, ...value } = readEnvironment(environment, env);
  if (!isLoopback(host) && token === undefined) throw new Error(widerWithoutToken(host));
  const given = givenIn(env);
  const own = (name: string, at: number) => (given[name] === undefined ? `http://127.0.0.1:${at}` : undefined);
  return {
    host,
    port: value.DASHBOARD_PORT ?? stack.dashboard,
    /** The token that a browser must give before anything is shown; not needed on loopback. */
    token,
    /** The address that browsers use when they come through a proxy or by a name. */
    publicUrl: value.DASHBOARD_URL === undefined ? undefined : new URL(value.DASHBOARD_URL),
    /** The address at which sent mails can be read; the SMTP sink of `npm start` serves them. */
    mailsUrl: value.MAILS_URL ?? own('SMTP_URL', stack.mails),
    /** The address of Temporal's Web UI. */
    temporalUiUrl: value.TEMPORAL_UI_URL ?? own('TEMPORAL_ADDRESS', stack.temporalUi),
  };
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);

const widerWithoutToken = (host: string): string =>
  `The repair desk does not listen on ${host} without DASHBOARD_TOKEN (32 characters or more): ` +
  'set one, or leave out DASHBOARD_HOST to listen on this machine only.';
