import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resolve } from '../../../broker-bridge/outbound/destination.ts';
import { createPost, type PostOptions } from '../../../broker-bridge/outbound/post.ts';
import { startReceiver, status, type Receiver } from '../../support/receiver.ts';

const endings: (() => unknown)[] = [];
const onClose = (end: () => unknown) => void endings.unshift(end);
const signal = new AbortController().signal;
const post = { headers: { 'content-type': 'text/plain' }, body: 'hello', signal };

let receiver: Receiver;
let port: string;

beforeAll(async () => {
  receiver = await startReceiver({ onClose });
  port = receiver.host.split(':')[1] ?? '';
});

afterAll(async () => {
  for (const end of endings) await end();
});

const here: Resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
const allowing = (...hosts: readonly string[]) => ({ allowedHosts: new Set(hosts), isHttpAllowed: true });
const send = (url: string, options: Partial<PostOptions> = {}) =>
  createPost({ rules: allowing(receiver.host), ...options })({ ...post, url });

/** A TCP server that does with each connection as it is told. */
async function listen(on: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    on(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onClose(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a call', () => {
  test('reaches an allowed host, with its headers and its body', async () => {
    receiver.answer(status(202, { 'retry-after': '7' }));
    expect(await send(`${receiver.url}?a=b`)).toEqual({ status: 202, retryAfter: '7' });
    expect(receiver.posts.at(-1)).toMatchObject({ path: '/hooks?a=b', body: 'hello' });
    expect(receiver.posts.at(-1)?.headers).toMatchObject({ host: receiver.host, 'content-length': '5' });
  });

  test('goes to the very address that was checked, whatever its name stands for elsewhere', async () => {
    const name = `hooks.invalid:${port}`; // no server of names knows it
    const answer = await send(`http://${name}/hooks`, { rules: allowing(name), resolve: here });
    expect(answer.status).toBe(202);
    expect(receiver.posts.at(-1)?.headers.host).toBe(name);
  });

  test('of a name that has come to stand for a private address makes no connection', async () => {
    const before = receiver.posts.length;
    const answers = [
      [{ address: '93.184.215.14', family: 4 as const }],
      [{ address: '127.0.0.1', family: 4 as const }],
    ];
    const rebinding: Resolve = () => Promise.resolve(answers.shift() ?? []);
    await rebinding('hooks.invalid'); // as it was when the endpoint was added
    const call = send(`http://hooks.invalid:${port}/`, { rules: allowing(), resolve: rebinding });
    await expect(call).rejects.toThrow('not on the public internet');
    expect(receiver.posts).toHaveLength(before);
  });

  test.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::ffff:127.0.0.1]',
    'http://localhost',
  ])('to %s, which is not allowed, makes no connection', async (origin) => {
    let connections = 0;
    const host = await listen(() => (connections += 1));
    const call = send(`${origin}:${host.split(':')[1]}/`, { rules: allowing() });
    await expect(call).rejects.toThrow(/not on the public internet|cannot be resolved/);
    expect(connections).toBe(0);
  });

  test('does not follow a redirect', async () => {
    const before = receiver.posts.length;
    const redirecting = await startReceiver({ onClose }, status(307, { location: receiver.url }));
    const answer = await send(redirecting.url, { rules: allowing(receiver.host, redirecting.host) });
    expect(answer.status).toBe(307);
    expect(receiver.posts).toHaveLength(before);
  });

  test('uses no proxy of the environment', async () => {
    const proxy = await startReceiver({ onClose });
    const names = ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY'];
    const kept = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://${proxy.host}`;
    try {
      expect((await send(receiver.url)).status).toBe(202);
    } finally {
      for (const [index, name] of names.entries()) {
        const value = kept[index];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    expect(proxy.posts).toEqual([]);
  });
});

const failing = async (on: (socket: Socket) => void, options: Partial<PostOptions> = {}, protocol = 'http') => {
  const host = await listen(on);
  return send(`${protocol}://${host}/`, { rules: allowing(host), ...options });
};

const drip = (socket: Socket): void => {
  socket.write('HTTP/1.1 200 OK\r\n');
  const timer = setInterval(() => socket.write('x-a: b\r\n'), 10);
  socket.on('close', () => clearInterval(timer));
};

const huge = (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'b'.repeat(100_000)}\r\n\r\n`);

describe('a call fails with a sentence', () => {
  test('when nobody is there', async () => {
    const host = '127.0.0.1:1';
    await expect(send(`http://${host}/`, { rules: allowing(host) })).rejects.toThrow('ECONNREFUSED');
  });

  test('when no answer comes in time', async () => {
    const limits = { answerWithin: 100 };
    await expect(failing(() => undefined, { limits })).rejects.toThrow('It gave no answer within 0.1 seconds.');
  });

  test('when the headers of the answer never end', async () => {
    await expect(failing(drip, { limits: { answerWithin: 200 } })).rejects.toThrow('It gave no answer within');
  });

  test('when the headers of the answer are too large', async () => {
    await expect(failing(huge)).rejects.toThrow('Header overflow');
  });

  test('when no connection with TLS comes about in time', async () => {
    const options = { limits: { connectWithin: 100 } };
    await expect(failing(() => undefined, options, 'https')).rejects.toThrow(
      'It could not be reached within 0.1 seconds.',
    );
  });

  test('when its name is not resolved in time', async () => {
    const call = send(`http://hooks.invalid:${port}/`, {
      limits: { connectWithin: 100 },
      resolve: () => new Promise(() => undefined),
    });
    await expect(call).rejects.toThrow('It could not be reached within 0.1 seconds.');
  });

  test('when the connection is closed without an answer', async () => {
    await expect(failing((socket) => void socket.once('data', () => socket.end()))).rejects.toThrow('socket hang up');
  });

  test('when another protocol is offered instead of an answer', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n';
    const offering = (socket: Socket) => void socket.once('data', () => socket.write(upgrade));
    await expect(failing(offering, { limits: { answerWithin: 2_000 } })).rejects.toThrow();
  });

  test('when it is ended from outside', async () => {
    const ending = new AbortController();
    const host = await listen(() => ending.abort(new Error('The listener stops.')));
    const call = createPost({ rules: allowing(host) })({ ...post, url: `http://${host}/`, signal: ending.signal });
    await expect(call).rejects.toThrow('The listener stops.');
  });
});

const pem = (name: string) => readFileSync(join(import.meta.dirname, '../../support/tls', name), 'utf8');

const startTls = async (): Promise<string> => {
  const server = createTlsServer({ key: pem('key.pem'), cert: pem('certificate.pem') }, (_, answer) => answer.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onClose(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return String((server.address() as AddressInfo).port);
};

describe('a call by TLS', () => {
  test('reaches a server whose certificate is trusted and bears its name, and no other', async () => {
    const tls = await startTls();
    const certificates = pem('certificate.pem');
    const to = (name: string, options: Partial<PostOptions> = {}) =>
      send(`https://${name}:${tls}/`, { rules: allowing(`${name}:${tls}`), resolve: here, ...options });
    expect(await to('hooks.test', { certificates })).toMatchObject({ status: 200 });
    await expect(to('hooks.test')).rejects.toThrow('self-signed certificate');
    await expect(to('other.test', { certificates })).rejects.toThrow("not match certificate's altnames");
  });
});
