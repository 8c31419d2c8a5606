import { z } from 'zod';
import { intakeConfigOf, intakeEnvironment, type IntakeConfig } from './intake.ts';
import { workerConfigOf, workerEnvironment, type WorkerConfig } from './worker.ts';

const portError = 'must be a port, 1 to 65535';
const port = (fallback: number) =>
  z.coerce.number({ error: portError }).int(portError).min(1, portError).max(65_535, portError).default(fallback);
const url = (protocols: RegExp, hint: string) => z.url({ protocol: protocols, error: `must be ${hint}` });

const secondsError = 'must be whole seconds, 1 to 86400';
const wholeSeconds = z.coerce
  .number({ error: secondsError })
  .int(secondsError)
  .min(1, secondsError)
  .max(86_400, secondsError);

/** The ports that `npm start` and `npm run demo` listen on, each with its own variable. All are on loopback. */
const stackPorts = z.object({
  STACK_TEMPORAL_PORT: port(7233),
  STACK_TEMPORAL_UI_PORT: port(8233),
  STACK_NATS_PORT: port(4222),
  STACK_NATS_MONITOR_PORT: port(8222),
  STACK_POSTGRES_PORT: port(5433),
  STACK_CARD_GATEWAY_PORT: port(7801),
  STACK_SUPPLIER_PORT: port(7802),
  STACK_SMTP_PORT: port(7825),
  STACK_MAILS_PORT: port(7826),
  STACK_DASHBOARD_PORT: port(7830),
});

const addresses = z.object({
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgresql://user:password@host:port/database').optional(),
  NATS_URL: url(/^(nats|tls|wss?)$/, 'nats://host:port').optional(),
  NATS_CREDS: z.string().min(1).optional(),
  NATS_MONITOR_URL: url(/^https?$/, 'http://host:port').optional(),
  SMTP_URL: url(/^smtps?$/, 'smtp://host:port').optional(),
  CARD_GATEWAY_URL: url(/^https?$/, 'http://host:port').optional(),
  SUPPLIER_URL: url(/^https?$/, 'http://host:port').optional(),
  RECONCILE_EVERY_SECONDS: wholeSeconds.default(60),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

const environment = addresses.extend(workerEnvironment.shape).extend(intakeEnvironment.shape).extend(stackPorts.shape);

/** The environment, typed. An address that is left out is that of the stack that `npm start` runs. */
export interface Config {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Path of a NATS credentials file, when the server asks for one. */
  readonly natsCreds: string | undefined;
  readonly natsMonitorUrl: string;
  readonly smtpUrl: string;
  readonly cardGatewayUrl: string;
  readonly supplierUrl: string;
  /** The interval at which the reconciler looks for orders whose workflow is gone. */
  readonly reconcileEverySeconds: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly worker: WorkerConfig;
  readonly intake: IntakeConfig;
  readonly stack: StackPorts;
  /** The addresses that the environment gave: the stack does not start those servers. */
  readonly provided: ReadonlySet<ProvidedAddress>;
}

export type ProvidedAddress =
  'DATABASE_URL' | 'NATS_URL' | 'SMTP_URL' | 'CARD_GATEWAY_URL' | 'SUPPLIER_URL' | 'TEMPORAL_ADDRESS';

export interface StackPorts {
  readonly temporal: number;
  readonly temporalUi: number;
  readonly nats: number;
  readonly natsMonitor: number;
  readonly postgres: number;
  readonly cardGateway: number;
  readonly supplier: number;
  readonly smtp: number;
  readonly mails: number;
  readonly dashboard: number;
}

const providable: readonly ProvidedAddress[] = [
  'DATABASE_URL',
  'NATS_URL',
  'SMTP_URL',
  'CARD_GATEWAY_URL',
  'SUPPLIER_URL',
  'TEMPORAL_ADDRESS',
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment once. Fails with one message that lists every name that is wrong. An empty value counts as not
 * set.
 */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment has values that cannot be used. ${wrong.join('; ')}`);
  }
  const value = parsed.data;
  const stack = portsOf(value);
  const own = stackAddresses(stack);
  return {
    databaseUrl: value.DATABASE_URL ?? own.DATABASE_URL,
    natsUrl: value.NATS_URL ?? own.NATS_URL,
    natsCreds: value.NATS_CREDS,
    natsMonitorUrl: value.NATS_MONITOR_URL ?? own.NATS_MONITOR_URL,
    smtpUrl: value.SMTP_URL ?? own.SMTP_URL,
    cardGatewayUrl: value.CARD_GATEWAY_URL ?? own.CARD_GATEWAY_URL,
    supplierUrl: value.SUPPLIER_URL ?? own.SUPPLIER_URL,
    reconcileEverySeconds: value.RECONCILE_EVERY_SECONDS,
    logLevel: value.LOG_LEVEL,
    worker: workerConfigOf(value),
    intake: intakeConfigOf(value),
    stack,
    provided: new Set(providable.filter((name) => given[name] !== undefined)),
  };
}

/** The addresses of the stack's own servers, by their environment variables. */
export const stackAddresses = (ports: StackPorts): Readonly<Record<ProvidedAddress | 'NATS_MONITOR_URL', string>> => ({
  DATABASE_URL: `postgresql://postgres:postgres@127.0.0.1:${ports.postgres}/order_mediator`,
  TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
  NATS_URL: `nats://127.0.0.1:${ports.nats}`,
  NATS_MONITOR_URL: `http://127.0.0.1:${ports.natsMonitor}`,
  SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
  CARD_GATEWAY_URL: `http://127.0.0.1:${ports.cardGateway}`,
  SUPPLIER_URL: `http://127.0.0.1:${ports.supplier}`,
});

const portsOf = (value: z.infer<typeof stackPorts>): StackPorts => ({
  temporal: value.STACK_TEMPORAL_PORT,
  temporalUi: value.STACK_TEMPORAL_UI_PORT,
  nats: value.STACK_NATS_PORT,
  natsMonitor: value.STACK_NATS_MONITOR_PORT,
  postgres: value.STACK_POSTGRES_PORT,
  cardGateway: value.STACK_CARD_GATEWAY_PORT,
  supplier: value.STACK_SUPPLIER_PORT,
  smtp: value.STACK_SMTP_PORT,
  mails: value.STACK_MAILS_PORT,
  dashboard: value.STACK_DASHBOARD_PORT,
});
