import { connect } from 'node:net';

/**
 * Publishes by the protocol itself, because our client refuses to send malformed headers. Clients of other languages do
 * not.
 */
export async function publishLines(
  nats: { readonly url: string },
  subject: string,
  lines: readonly string[],
  body: string,
): Promise<void> {
  const { hostname, port } = new URL(nats.url);
  const head = Buffer.from(`NATS/1.0\r\n${lines.join('\r\n')}\r\n\r\n`);
  const socket = connect(Number(port), hostname);
  const size = head.length + Buffer.byteLength(body);
  socket.write('CONNECT {"verbose":false,"headers":true,"lang":"test","version":"1"}\r\n');
  socket.write(`HPUB ${subject} ${head.length} ${size}\r\n`);
  socket.write(Buffer.concat([head, Buffer.from(`${body}\r\nPING\r\n`)]));
  let answered = '';
  for await (const part of socket) if ((answered += String(part)).includes('PONG')) break; // which also destroys the socket
}
