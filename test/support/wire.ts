import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP connection that a test can hold up. */
export interface Wire {
  readonly port: number;
  /** From now on no bytes of the clients arrive; those of the server still do. */
  holdClients(): void;
  /** The number of bytes that clients have sent since then. */
  heldBytes(): number;
  /** Cuts all connections; held bytes are lost. */
  close(): Promise<void>;
}

/** Opens a wire to a port on loopback. */
export async function openWire(target: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let holding = false;
  let held = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createServer((client) => {
    const upstream = keep(connect(target, '127.0.0.1'));
    keep(client).on('data', (said) => {
      if (holding) held += said.length;
      else upstream.write(said);
    });
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    holdClients: () => void (holding = true),
    heldBytes: () => held,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
