import { z } from 'zod';
import { factSource, factSources } from '../contracts/facts.ts';
import { intakeConfigOf, intakeEnvironment } from './intake.ts';
import { databaseVariables } from './database.ts';
import { natsVariables } from './nats.ts';
import { pruningConfigOf, pruningEnvironment } from './pruning.ts';
import { givenIn, port, readEnvironment, type Environment } from './environment.ts';
import { workerConfigOf, workerEnvironment } from './worker.ts';

const url = (protocols: RegExp, hint: string) => z.url({ protocol: protocols, error: `must be ${hint}` });

/** A link in a mail: the order's id stands in its path or behind it, and it carries no password. */
const orderPage = z
  .string()
  .refine(
    (text) => /^https?:\/\/[^/?#{}@\s]+\/(?:[^{}\s]|\{orderId\})*$/.test(text) && isPage(text),
    'must be a page of the shop with {orderId} in it, as https://shop.example/orders/{orderId}',
  );

const isPage = (text: string): boolean => text.includes('{orderId}') && URL.canParse(text.replaceAll('{orderId}', 'x'));

const secondsError = 'must be whole seconds, 1 to 86400';
const wholeSeconds = z.coerce
  .number({ error: secondsError })
  .int(secondsError)
  .min(1, secondsError)
  .max(86_400, secondsError);

/** The ports that `npm start` and `npm run demo` listen on, each with its own variable. All are on loopback. */
export const stackPorts = {
  temporal: { variable: 'STACK_TEMPORAL_PORT', usual: 7233 },
  temporalUi: { variable: 'STACK_TEMPORAL_UI_PORT', usual: 8233 },
  nats: { variable: 'STACK_NATS_PORT', usual: 4222 },
  natsMonitor: { variable: 'STACK_NATS_MONITOR_PORT', usual: 8222 },
  postgres: { variable: 'STACK_POSTGRES_PORT', usual: 5433 },
  cardGateway: { variable: 'STACK_CARD_GATEWAY_PORT', usual: 7801 },
  supplier: { variable: 'STACK_SUPPLIER_PORT', usual: 7802 },
  carrier: { variable: 'STACK_CARRIER_PORT', usual: 7803 },
  smtp: { variable: 'STACK_SMTP_PORT', usual: 7825 },
  mails: { variable: 'STACK_MAILS_PORT', usual: 7826 },
  dashboard: { variable: 'STACK_DASHBOARD_PORT', usual: 7830 },
} as const;

export type StackPort = keyof typeof stackPorts;

export type StackPorts = Readonly<Record<StackPort, number>>;

type PortVariable = (typeof stackPorts)[StackPort]['variable'];

const portVariables = Object.fromEntries(
  Object.values(stackPorts).map(({ variable, usual }) => [variable, port.default(usual)]),
) as Record<PortVariable, z.ZodDefault<typeof port>>;

const addresses = z.object({
  NATS_MONITOR_URL: url(/^https?$/, 'http://host:port').optional(),
  SHOP_URL: orderPage.optional(),
  SMTP_URL: url(/^smtps?$/, 'smtp://host:port').optional(),
  CARD_GATEWAY_URL: url(/^https?$/, 'http://host:port').optional(),
  SUPPLIER_URL: url(/^https?$/, 'http://host:port').optional(),
  CARRIER_URL: url(/^https?$/, 'http://host:port').optional(),
  FACT_SOURCE: z.enum(factSources, { error: `must be one of ${factSources.join(', ')}` }).default(factSource),
  RECONCILE_EVERY_SECONDS: wholeSeconds.default(60),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

const environmentOf = (env: Environment) =>
  addresses
    .extend(databaseVariables.schema(env).shape)
    .extend(natsVariables.schema(env).shape)
    .extend(workerEnvironment.shape)
    .extend(intakeEnvironment.shape)
    .extend(pruningEnvironment.shape)
    .extend(portVariables);

const providable = [
  'DATABASE_URL',
  'NATS_URL',
  'SMTP_URL',
  'CARD_GATEWAY_URL',
  'SUPPLIER_URL',
  'CARRIER_URL',
  'TEMPORAL_ADDRESS',
] as const;

export type ProvidedAddress = (typeof providable)[number];

/** The environment, typed. An address that is left out is that of the stack that `npm start` runs. */
export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads the environment once. Fails with one message that lists every name that is wrong. An empty value counts as not
 * set.
 */
export function loadConfig(env: Environment) {
  const value = readEnvironment(environmentOf(env), env);
  const stack = portsOf(value);
  const own = stackAddresses(stack);
  const given = givenIn(env);
  return {
    /** See `databaseUrlOf`. */
    database: { DATABASE_URL: own.DATABASE_URL, ...databaseVariables.pick(value) },
    /** See `natsAccess`. */
    nats: { NATS_URL: own.NATS_URL, ...natsVariables.pick(value) },
    natsMonitorUrl: value.NATS_MONITOR_URL ?? own.NATS_MONITOR_URL,
    /** The customers' page of an order, with `{orderId}` in it. */
    /** The `ce-source` of the facts that the relay publishes: each database has its own. */
    factSource: value.FACT_SOURCE,
    shopUrl: value.SHOP_URL,
    smtpUrl: value.SMTP_URL ?? own.SMTP_URL,
    cardGatewayUrl: value.CARD_GATEWAY_URL ?? own.CARD_GATEWAY_URL,
    supplierUrl: value.SUPPLIER_URL ?? own.SUPPLIER_URL,
    carrierUrl: value.CARRIER_URL ?? own.CARRIER_URL,
    /** The interval at which the reconciler looks for orders whose workflow is gone. */
    reconcileEverySeconds: value.RECONCILE_EVERY_SECONDS,
    logLevel: value.LOG_LEVEL,
    worker: workerConfigOf(value),
    intake: intakeConfigOf(value),
    pruning: pruningConfigOf(value),
    stack,
    /** The addresses that the environment gave: the stack does not start those servers. */
    provided: new Set<ProvidedAddress>(providable.filter((name) => given[name] !== undefined)),
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
  CARRIER_URL: `http://127.0.0.1:${ports.carrier}`,
});

const portsOf = (value: Readonly<Record<PortVariable, number>>): StackPorts =>
  Object.fromEntries(Object.entries(stackPorts).map(([name, { variable }]) => [name, value[variable]])) as StackPorts;
