import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { configuredUser } from '../../../broker-bridge/nats/configured-user.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { ensureDeliveryStream } from '../../../broker-bridge/nats/our-streams.ts';
import { natsUsers } from '../../../broker-bridge/nats/users.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { supplierDeliveries } from '../../../contracts/outside/supplier-deliveries.ts';
import { requireBinary } from '../../../stack/binaries.mjs';
import { acceptsConnections, freePort } from '../../../stack/launch/ports.ts';
import { launchProcess } from '../../../stack/launch/process.ts';
import { launchSupplier } from '../../../stack/launch/stand-ins.ts';
import { selfSigned } from '../../support/certificate.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

let rig: Rig;
let broker: Broker;
let port: number;

const file = (name: string) => join(rig.folder, 'nats-with-tls', name);

beforeAll(async () => {
  rig = await openRig();
  mkdirSync(file('.'));
  const own = selfSigned();
  writeFileSync(file('own.pem'), own.certificate);
  writeFileSync(file('own.key'), own.key);
  port = await freePort();
  const users = natsUsers([]).map((user) => configuredUser(user, `of-${user.name}`));
  writeFileSync(
    file('nats.conf'),
    `listen: "127.0.0.1:${port}"
     tls { cert_file: "${file('own.pem')}", key_file: "${file('own.key')}" }
     jetstream { store_dir: ${JSON.stringify(file('jetstream'))} }
     authorization { users: [ ${users.join('\n')} ] }`,
  );
  const server = await launchProcess({
    name: 'nats',
    command: requireBinary('nats-server'),
    args: ['--config', file('nats.conf')],
    logFile: file('nats.log'),
    isReady: () => acceptsConnections(port),
  });
  rig.onClose(server.stop);
  const name = 'administrator';
  broker = await connectBroker({ url: urlOf(`${name}:of-${name}@`), ca: file('own.pem'), name, log: silentLog });
  rig.onClose(() => broker.close());
  await ensureDeliveryStream(broker);
});

afterAll(() => rig?.close());

const urlOf = (login: string) => `nats://${login}localhost:${port}`;

const supplierWith = (env: NodeJS.ProcessEnv) =>
  launchSupplier({
    folder: join(rig.folder, 'supplier'),
    builtIn: join(inject('servers').build, 'stack'),
    deliverySeconds: 0,
    mode: 'whole',
    env: { ...rig.env, NATS_CA: file('own.pem'), ...env },
  });

const messages = async () => (await broker.streamInfo(supplierDeliveries.stream))?.messages;

test('a supplier that NATS does not let in says so and goes on; with its own login it tells what has arrived', async () => {
  const refused = await supplierWith({ NATS_URL: urlOf('') });
  const order = { purchaseOrderId: 'po-1', isbn: '9780134685991', quantity: 7 };
  await fetch(`${refused.url}/purchase-orders`, { method: 'POST', body: JSON.stringify(order) });
  const said = () => readFileSync(refused.logFile, 'utf8').split('does not let us in').length - 1;
  await until(() => said() > 1, { what: 'it to be refused twice' });
  const shown = await fetch(`${refused.url}/purchase-orders/po-1`);
  expect(await shown.json()).toMatchObject({ complete: true, deliveries: [{ deliveryId: 'po-1-1', quantity: 7 }] });
  await refused.stop();
  expect(await refused.exited).toBe(0);
  expect(await messages()).toBe(0);
  const letIn = await supplierWith({ NATS_URL: urlOf(''), NATS_URL_SUPPLIER: urlOf('supplier:of-supplier@') });
  await until(async () => (await messages()) === 1, { what: 'the delivery to be told' });
  await letIn.stop();
  expect(await letIn.exited).toBe(0);
});

test('a supplier whose NATS is away ends when it is asked to', async () => {
  const alone = await supplierWith({ NATS_URL: 'nats://127.0.0.1:1' });
  const order = { purchaseOrderId: 'po-2', isbn: '9780134685991', quantity: 7 };
  await fetch(`${alone.url}/purchase-orders`, { method: 'POST', body: JSON.stringify(order) });
  await until(() => readFileSync(alone.logFile, 'utf8').includes('NATS does not answer'), { what: 'it to wait' });
  await alone.stop();
  expect(await alone.exited).toBe(0);
});
