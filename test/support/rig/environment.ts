import type { RigServers } from './servers.ts';

/** Nobody listens there: a part that a rig does not have must not be found on a developer's running system. */
const nowhere = '127.0.0.1:1';

/** The environment that leads a process to these parts. */
export const environmentOf = (
  databaseUrl: string,
  temporal: { readonly address: string; readonly namespace: string },
  servers: RigServers,
): NodeJS.ProcessEnv => ({
  ...process.env,
  DATABASE_URL: databaseUrl,
  TEMPORAL_ADDRESS: temporal.address,
  TEMPORAL_NAMESPACE: temporal.namespace,
  NATS_URL: servers.nats?.url ?? `nats://${nowhere}`,
  NATS_MONITOR_URL: `http://${servers.nats ? `127.0.0.1:${servers.nats.ports['monitor']}` : nowhere}`,
  CARD_GATEWAY_URL: servers.cardGateway?.url ?? `http://${nowhere}`,
  SUPPLIER_URL: servers.supplier?.url ?? `http://${nowhere}`,
  CARRIER_URL: servers.carrier?.url ?? `http://${nowhere}`,
  SMTP_URL: servers.smtpSink?.url ?? `smtp://${nowhere}`,
  PRUNE_AT: 'off', // a Schedule would outlive the test file
  // Tests have many cards of one customer declined; those of fraud set it themselves.
  FRAUD_DECLINES: '1000',
});
