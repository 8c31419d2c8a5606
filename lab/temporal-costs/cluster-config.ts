interface ServicePorts {
  readonly grpc: number;
  readonly membership: number;
}

/** The ports of the four services. */
export type ClusterPorts = Readonly<Record<'frontend' | 'history' | 'matching' | 'worker', ServicePorts>>;

interface ClusterSettings {
  readonly postgresUrl: string;
  readonly shards: number;
  readonly ports: ClusterPorts;
  /** The file with the dynamic configuration. */
  readonly dynamicConfig: string;
}

/** The configuration of Temporal's own server, on loopback, as its file has it. */
export function clusterConfig({ postgresUrl, shards, ports, dynamicConfig }: ClusterSettings): object {
  const { host, username: user, password } = new URL(postgresUrl);
  const store = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: host,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: '1h',
    },
  });
  const services = Object.entries(ports).map(([name, { grpc, membership }]) => [
    name,
    { rpc: { grpcPort: grpc, membershipPort: membership, bindOnIP: '127.0.0.1' } },
  ]);
  const hostPort = `127.0.0.1:${ports.frontend.grpc}`;
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: shards,
      datastores: { default: store('temporal'), visibility: store('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services) as object,
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: hostPort },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    publicClient: { hostPort },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
}
