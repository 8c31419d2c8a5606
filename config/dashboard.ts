import { z } from 'zod';
import type { StackPorts } from './config.ts';

/** The settings of the repair desk: its address, its token, and its links. */
export interface DashboardConfig {
  readonly host: string;
  readonly port: number;
  /** The token that a browser must give before anything is shown; not needed on loopback. */
  readonly token: string | undefined;
  /** The address that browsers use when they come through a proxy or by a name. */
  readonly publicUrl: URL | undefined;
  /** The address at which sent mails can be read; the SMTP sink of `npm start` serves them. */
  readonly mailsUrl: string | undefined;
  /** The address of Temporal's Web UI. */
  readonly temporalUiUrl: string | undefined;
}

const portError = 'must be a port, 1 to 65535';
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be http://host:port' }).optional();

const environment = z.object({
  DASHBOARD_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  DASHBOARD_PORT: z.coerce
    .number({ error: portError })
    .int(portError)
    .min(1, portError)
    .max(65_535, portError)
    .optional(),
  DASHBOARD_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,512}$/, 'must be 32 to 512 printable characters without spaces')
    .optional(),
  DASHBOARD_URL: httpUrl,
  MAILS_URL: httpUrl,
  TEMPORAL_UI_URL: httpUrl,
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the desk's variables. Fails with one sentence that lists every name that is wrong, and when it would listen
 * beyond this machine without a token.
 */
export function loadDashboardConfig(
  env: Environment,
  stack: Pick<StackPorts, 'dashboard' | 'mails' | 'temporalUi'>,
): DashboardConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment has values that cannot be used. ${wrong.join('; ')}`);
  }
  const { DASHBOARD_HOST: host, DASHBOARD_TOKEN: token, ...value } = parsed.data;
  if (!isLoopback(host) && token === undefined) throw new Error(widerWithoutToken(host));
  const own = (name: string, port: number) => (given[name] === undefined ? `http://127.0.0.1:${port}` : undefined);
  return {
    host,
    port: value.DASHBOARD_PORT ?? stack.dashboard,
    token,
    publicUrl: value.DASHBOARD_URL === undefined ? undefined : new URL(value.DASHBOARD_URL),
    mailsUrl: value.MAILS_URL ?? own('SMTP_URL', stack.mails),
    temporalUiUrl: value.TEMPORAL_UI_URL ?? own('TEMPORAL_ADDRESS', stack.temporalUi),
  };
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);

const widerWithoutToken = (host: string): string =>
  `The repair desk does not listen on ${host} without DASHBOARD_TOKEN (32 characters or more): ` +
  'set one, or leave out DASHBOARD_HOST to listen on this machine only.';
