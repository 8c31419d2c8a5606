import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createCustomerRecords } from '../../../activities/mediator-store/customer-records.ts';
import type { EventRegistry } from '../../../broker-bridge/intake/read-event.ts';
import { channels } from '../../../contracts/channels.ts';
import type { InitiatingEvent } from '../../../contracts/initiating-events.ts';
import { mediatorAttributes } from '../../../contracts/search-attributes.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { createEventReader } from '../../../workers/delegated-events.ts';
import { workflowCode } from '../../../workers/workflow-code.ts';
import { openIntakeBench, shopRegistry, type IntakeBench } from '../../support/intake.ts';
import { quietenTheSdk } from '../../support/quieten-sdk.ts';
import { until } from '../../support/until.ts';

interface WishListed {
  readonly customerId: string;
  readonly isbn: string;
}

/** Temporal takes no workflow id of this length. */
const tooLong = '/'.repeat(2_000);

/** By event, the end of its workflow's id. */
const idEnds = new Map<string, () => string>();

/** What a new initiating event takes: an entry of the catalogue … */
const wishListed: InitiatingEvent<WishListed> = {
  mediatorClass: 'complex',
  workflowType: 'wishListMediator',
  channel: 'returns-mediator-queue',
  waitsUntil: 'started',
  customerOf: ({ customerId }) => customerId,
  start: ({ body, bodyHash, origin }, mediatorClass) => ({
    workflowId: `wish/${origin.source}/${origin.id}${idEnds.get(origin.id)?.() ?? ''}`,
    args: [body],
    memo: { bodyHash },
    typedSearchAttributes: mediatorAttributes(body.customerId, mediatorClass),
    staticSummary: `${body.customerId} wishes for ${body.isbn}`,
  }),
};

/** … and a schema. The mediator is a workflow of that type on that channel. */
const schema = z.strictObject({ customerId: z.string(), isbn: z.string() });

const registry: EventRegistry = {
  ...shopRegistry,
  catalogue: { ...shopRegistry.catalogue, 'wish-listed': wishListed },
  schemas: { ...shopRegistry.schemas, 'wish-listed': schema },
};

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench({}, []);
  await runCustomerMediator();
  bench.startIntake({}, registry);
});

afterAll(() => bench?.rig.close());

/** The shop's own customer mediator, with this catalogue. */
async function runCustomerMediator(): Promise<void> {
  quietenTheSdk();
  const { rig, client, deadLetters } = bench;
  const database = openDatabase(rig.databaseUrl, { poolSize: 2 });
  rig.onClose(() => database.close());
  const connection = await NativeConnection.connect({ address: rig.temporal.address });
  rig.onClose(() => connection.close());
  const read = createEventReader(client, registry);
  const worker = await Worker.create({
    connection,
    namespace: rig.temporal.namespace,
    taskQueue: channels.customerMediator,
    workflowBundle: await workflowCode(pino({ level: 'silent' })),
    activities: createCustomerRecords({ database, read, handOver: deadLetters.send }),
  });
  const running = worker.run();
  rig.onClose(async () => {
    worker.shutdown();
    await running;
  });
}

const wish = { id: 'w-1', source: 'test', type: 'wish-listed', data: { customerId: 'c-1', isbn: '9780134685991' } };

const rowOf = async (id: string) => (await bench.rows('event_id = $1', [id]))[0];

const becomes = (id: string, state: string) =>
  until(async () => (await rowOf(id))?.state === state, { what: `${id} to be ${state}` });

test('a new initiating event needs its entry in the catalogue, its schema and its mediator, and nothing else', async () => {
  await bench.send(wish);
  await becomes('w-1', 'started');
  expect(await bench.flow('wish/test/w-1')).toMatchObject({ type: 'wishListMediator' });
  const place = await bench.send({ ...wish, id: 'w-2', data: { customerId: 'c-1' } });
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === place));
  expect(bench.sentLetters[0]?.event).toMatchObject({ reason: 'bad-body', problems: [{ field: 'isbn' }] });
});

test('what Temporal refuses to start again and again is the case that its message would have been; the next one waits', async () => {
  idEnds.set('w-3', () => tooLong);
  await bench.send({ ...wish, id: 'w-3', data: { ...wish.data, customerId: 'c-3' } });
  await bench.send({ ...wish, id: 'w-4', data: { ...wish.data, customerId: 'c-3' } });
  await becomes('w-3', 'dead-lettered');
  const { caseId, place } = (await rowOf('w-3')) ?? {};
  expect(caseId).toBe(place);
  expect(bench.sentLetters.find(({ event }) => event.caseId === caseId)?.event.reason).toBe('not-taken');
  expect((await rowOf('w-4'))?.state).toBe('received');
  await bench.discard(caseId ?? '');
  await becomes('w-4', 'started');
});

test('what Temporal refuses to start at first, and takes then, is started', async () => {
  let readings = 0;
  idEnds.set('w-5', () => ((readings += 1) <= 3 ? tooLong : '')); // by the intake, and in two attempts
  await bench.send({ ...wish, id: 'w-5', data: { ...wish.data, customerId: 'c-5' } });
  await becomes('w-5', 'started');
  expect(readings).toBe(4);
  expect(await bench.flow('wish/test/w-5')).toBeDefined();
  expect(bench.sentLetters.filter(({ event }) => event.customerId === 'c-5')).toEqual([]);
});
