import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { loadConfig } from '../../../config/config.ts';
import { natsAccess } from '../../../config/nats.ts';
import { requireOwnSession } from '../../../prisma/session.ts';
import { requireBinary } from '../../../stack/binaries.mjs';
import { freePort, acceptsConnections } from '../../../stack/launch/ports.ts';
import { launchProcess } from '../../../stack/launch/process.ts';
import { selfSigned } from '../../support/certificate.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { launchWorker } from '../../support/rig/worker.ts';
import { silentLog } from '../../support/silent-log.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ temporal: 'own' });
});
afterAll(() => rig.close());

describe('Temporal', () => {
  it('without the namespace is refused in a sentence', async () => {
    expect(await refused('payment', { TEMPORAL_NAMESPACE: 'nowhere' })).toContain(
      'Temporal has no namespace nowhere: make it (temporal operator namespace create --namespace nowhere), or set TEMPORAL_NAMESPACE.',
    );
  });

  it('without a search attribute is refused by who runs workflows, with the command that makes it', async () => {
    const connection = await Connection.connect({ address: rig.temporal.address });
    const namespace = rig.temporal.namespace;
    await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: ['HoldReasons'] });
    await connection.close();
    expect(await refused('order-mediator', {})).toContain(
      `Temporal's namespace ${namespace} lacks search attributes: temporal operator search-attribute create --namespace ${namespace} --name HoldReasons --type KeywordList`,
    );
  });
});

describe('NATS with logins', () => {
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const folder = join(rig.folder, 'nats-with-logins');
    mkdirSync(folder);
    const config = join(folder, 'nats.conf');
    writeFileSync(config, `listen: "127.0.0.1:${port}"\nauthorization { user: "shop@1", password: "s:3/cret" }\n`);
    const args = ['--config', config];
    const logFile = join(folder, 'nats.log');
    const isReady = () => acceptsConnections(port);
    const server = await launchProcess({ name: 'nats', command: requireBinary('nats-server'), args, logFile, isReady });
    rig.onClose(server.stop);
  });
  const connecting = (login: string) =>
    connectBroker({ url: `nats://${login}127.0.0.1:${port}`, name: 'test', log: silentLog });

  it('lets in by the user and password of the URL', async () => {
    const broker = await connecting(`${encodeURIComponent('shop@1')}:${encodeURIComponent('s:3/cret')}@`);
    await broker.close();
  });

  it.each(['', 'shop:s3cret@', 'a-token@'])('refuses the login %j in a sentence without the secret', async (login) => {
    await expect(connecting(login)).rejects.toThrow(
      `NATS at nats://127.0.0.1:${port} does not let us in: set NATS_CREDS, or user and password in NATS_URL.`,
    );
  });
});

const file = (name: string) => join(rig.folder, 'nats-with-tls', name);

describe('NATS with TLS', () => {
  let url: string;
  beforeAll(async () => {
    mkdirSync(file('.'));
    const own = selfSigned();
    writeFileSync(file('own.pem'), own.certificate);
    writeFileSync(file('own.key'), own.key);
    const port = await freePort();
    url = `nats://localhost:${port}`;
    const tls = `cert_file: "${file('own.pem')}", key_file: "${file('own.key')}", ca_file: "${file('own.pem')}", verify: true`;
    writeFileSync(file('nats.conf'), `listen: "127.0.0.1:${port}"\ntls { ${tls} }\n`);
    const args = ['--config', file('nats.conf')];
    const isReady = () => acceptsConnections(port);
    const command = requireBinary('nats-server');
    const server = await launchProcess({ name: 'nats', command, args, logFile: file('nats.log'), isReady });
    rig.onClose(server.stop);
  });

  it('lets in who knows its authority and shows a certificate', async () => {
    const env = {
      NATS_URL: url,
      NATS_CA: file('own.pem'),
      NATS_CERT_RELAY: file('own.pem'),
      NATS_KEY_RELAY: file('own.key'),
    };
    const access = natsAccess(loadConfig(env).nats, 'relay');
    const broker = await connectBroker({ ...access, name: 'relay', log: silentLog });
    await broker.close();
  });
});

describe('a pooler in front of PostgreSQL', () => {
  it('is no trouble when it passes on everything, and a database that is away is left to those who need it', async () => {
    await requireOwnSession(rig.databaseUrl);
    await requireOwnSession(await poolerThat((startup) => startup));
    await requireOwnSession('postgresql://postgres:postgres@127.0.0.1:1/shop');
  });

  it('is refused in a sentence when it drops our settings, or refuses them', async () => {
    await expect(requireOwnSession(await poolerThat(withoutOptions))).rejects.toThrow(
      /^DATABASE_URL leads to a connection pooler that does not pass on .*: give the address of PostgreSQL itself/,
    );
    await expect(requireOwnSession(await poolerThat(refuse))).rejects.toThrow(
      'DATABASE_URL leads to a connection pooler that refuses a startup parameter of ours',
    );
  });
});

const refused = async (name: string, env: NodeJS.ProcessEnv) => {
  const started = launchWorker([name], { ...rig.env, ...env }, rig.folder);
  return String(
    await started.then(
      (worker) => worker.stop().then(() => 'It started.'),
      (error: unknown) => error,
    ),
  );
};

/** What PgBouncer does with a startup message: it leaves out parameters, or refuses them. */
async function poolerThat(treats: (startup: Buffer, client: Socket) => Buffer | null): Promise<string> {
  const url = new URL(rig.databaseUrl);
  const own = { host: url.hostname, port: Number(url.port) };
  const pooler = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (startup) => {
      const kept = treats(startup, client);
      if (!kept) return;
      const server = connect(own);
      server.on('error', () => client.destroy());
      server.write(kept);
      client.pipe(server).pipe(client);
    });
  });
  await new Promise<void>((listening) => pooler.listen(0, '127.0.0.1', listening));
  rig.onClose(() => new Promise((closed) => pooler.close(() => closed(undefined))));
  url.port = String((pooler.address() as AddressInfo).port);
  return url.href;
}

/** Without `options`: the length is written anew. */
function withoutOptions(startup: Buffer): Buffer {
  const fields = startup.subarray(8).toString('utf8').split('\0');
  const at = fields.indexOf('options');
  const kept = Buffer.from(fields.toSpliced(at, 2).join('\0'));
  const head = Buffer.from(startup.subarray(0, 8));
  head.writeInt32BE(kept.length + 8, 0);
  return Buffer.concat([head, kept]);
}

function refuse(_: Buffer, client: Socket): null {
  const fields = Buffer.from('SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  client.end(Buffer.concat([head, fields]));
  return null;
}
