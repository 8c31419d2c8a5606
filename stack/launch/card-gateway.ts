import { freePort } from './ports.ts';
import type { Launched } from './launched.ts';
import { launchNodeServer } from './stand-ins.ts';

export interface CardGatewayOptions {
  /** Holds the ledger and the log. */
  readonly folder: string;
  readonly port?: number;
  /** How long `card_slow` takes before it charges; 3000 by default. */
  readonly slowMs?: number;
  /** How long idempotency keys are remembered; a day by default. */
  readonly keyTtlSeconds?: number;
}

/** The card gateway. Its ledger survives any crash. Port: `http`. */
export async function launchCardGateway(options: CardGatewayOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const running = await launchNodeServer({
    name: 'card-gateway',
    entry: 'stack/card-gateway/main.ts',
    folder: options.folder,
    args: ['--port', String(port)],
    env: {
      ...(options.slowMs !== undefined && { CARD_GATEWAY_SLOW_MS: String(options.slowMs) }),
      ...(options.keyTtlSeconds !== undefined && { CARD_GATEWAY_KEY_TTL_SECONDS: String(options.keyTtlSeconds) }),
    },
    healthUrl: `${url}/health`,
  });
  return { name: 'card-gateway', ports: { http: port }, url, ...running };
}
