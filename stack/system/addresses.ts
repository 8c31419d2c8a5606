import type { ProvidedAddress, StackPorts } from '../../config/config.ts';

/** Where everything is, as the environment variables that say so. */
export type Addresses = Readonly<Record<ProvidedAddress | 'NATS_MONITOR_URL', string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment provides, and for the rest the stack's own servers on their ports. */
export function addressesOf(ports: StackPorts, environment: Environment): Addresses {
  const given = (name: keyof Addresses, own: string) => environment[name] || own;
  return {
    DATABASE_URL: given('DATABASE_URL', `postgresql://postgres:postgres@127.0.0.1:${ports.postgres}/order_mediator`),
    TEMPORAL_ADDRESS: given('TEMPORAL_ADDRESS', `127.0.0.1:${ports.temporal}`),
    NATS_URL: given('NATS_URL', `nats://127.0.0.1:${ports.nats}`),
    NATS_MONITOR_URL: given('NATS_MONITOR_URL', `http://127.0.0.1:${ports.natsMonitor}`),
    SMTP_URL: given('SMTP_URL', `smtp://127.0.0.1:${ports.smtp}`),
    CARD_GATEWAY_URL: given('CARD_GATEWAY_URL', `http://127.0.0.1:${ports.cardGateway}`),
    SUPPLIER_URL: given('SUPPLIER_URL', `http://127.0.0.1:${ports.supplier}`),
  };
}
