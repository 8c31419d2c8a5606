import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { StackPorts } from './config.ts';

/** The options that both `Connection.connect` and `NativeConnection.connect` take, and the namespace. */
export type TemporalAddress = ReturnType<typeof temporalAddress>;

/**
 * Reads `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`, `TEMPORAL_PROFILE` and
 * `temporal.toml` as every Temporal tool does; what they leave out is the stack that `npm start` runs.
 */
export function temporalAddress(
  env: Readonly<Record<string, string | undefined>>,
  stack: Pick<StackPorts, 'temporal'>,
) {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
  return {
    connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? `127.0.0.1:${stack.temporal}` },
    namespace: namespace ?? 'default',
  };
}

/**
 * Of a connection that stays open: once Temporal is back, it is found within two seconds. gRPC would wait for up to two
 * minutes.
 */
export const channelArgs = { 'grpc.max_reconnect_backoff_ms': 2_000 };
