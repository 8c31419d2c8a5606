import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../dashboard/server/assets/page.ts';
import { createHub } from '../../../dashboard/server/live/hub.ts';
import type { Shop } from '../../../dashboard/server/ports.ts';
import { ownAddresses } from '../../../dashboard/server/security/origins.ts';
import { createTokenAuth } from '../../../dashboard/server/security/auth.ts';
import { buildServer } from '../../../dashboard/server/server.ts';
import { until } from '../../support/until.ts';

const quiet = () => undefined;

describe('a viewer that takes nothing of what it is sent', () => {
  it('is cut off, and holds no connection and no memory', async () => {
    const crowd: boolean[] = [];
    const hub = createHub('test', (isThere) => void crowd.push(isThere));
    let port = 0;
    const server = await buildServer({
      shop: {} as Shop,
      hub,
      page: pageOf('', ''),
      auth: createTokenAuth(undefined),
      own: () => ownAddresses({ host: '127.0.0.1', publicUrl: undefined }, port),
      workflowLinkBase: null,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = server.server.address() as AddressInfo);
    const connections = promisify(server.server.getConnections.bind(server.server));
    const viewer = connect(port, '127.0.0.1');
    await once(viewer, 'connect');
    viewer.on('error', quiet).pause();
    viewer.write(`GET /api/live HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    await until(() => crowd.length === 1);
    for (let turn = 0; turn < 20; turn += 1) hub.tell('flow', 'x'.repeat(1024 * 1024));
    expect(crowd).toEqual([true, false]);
    await until(async () => (await connections()) === 0, { within: 3_000, what: 'the connection to be gone' });
    viewer.destroy();
    await server.close();
  });
});
