import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A door between a process and a server, which a test can shut: bytes on either side wait until it is opened again. */
export interface TcpGate {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate in front of `127.0.0.1:<port>` or another address. */
export async function openTcpGate(target: string): Promise<TcpGate> {
  const [host = '127.0.0.1', port] = target.split(':');
  const sockets = new Set<Socket>();
  let isShut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    if (isShut) socket.pause();
    // One end broken off is the other's end too; a test that kills a process expects it.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((inside) => {
    const outside = connect({ host, port: Number(port) });
    for (const socket of [inside, outside]) keep(socket);
    forward(inside, outside, () => isShut);
    forward(outside, inside, () => isShut);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut() {
      isShut = true;
      for (const socket of sockets) socket.pause();
    },
    open() {
      isShut = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(from: Socket, to: Socket, isShut: () => boolean): void {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => {
    if (!isShut()) from.resume();
  });
  from.on('end', () => to.end());
  from.on('close', () => to.destroy());
}
