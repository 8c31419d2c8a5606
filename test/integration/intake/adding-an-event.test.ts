import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { InitiatingEvent } from '../../../contracts/initiating-events.ts';
import { openIntakeBench, shopRegistry, type IntakeBench } from '../../support/intake.ts';
import { until } from '../../support/until.ts';
import { mediatorAttributes } from '../../../contracts/search-attributes.ts';

interface WishListed {
  readonly customerId: string;
  readonly isbn: string;
}

/** What a new initiating event takes: an entry of the catalogue … */
const wishListed: InitiatingEvent<WishListed> = {
  mediatorClass: 'simple',
  workflowType: 'wishListMediator',
  channel: 'customer-mediator-queue',
  waitsUntil: 'started',
  customerOf: ({ customerId }) => customerId,
  start: ({ body, bodyHash, origin }, mediatorClass) => ({
    workflowId: `wish/${origin.source}/${origin.id}`,
    args: [body],
    memo: { bodyHash },
    typedSearchAttributes: mediatorAttributes(body.customerId, mediatorClass),
    staticSummary: `${body.customerId} wishes for ${body.isbn}`,
  }),
};

/** … and a schema. The mediator is a workflow of that type on that channel. */
const schema = z.strictObject({ customerId: z.string(), isbn: z.string() });

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
});

afterAll(() => bench?.rig.close());

const wish = { id: 'w-1', source: 'test', type: 'wish-listed', data: { customerId: 'c-1', isbn: '9780134685991' } };

test('a new initiating event needs its entry in the catalogue, its schema and its mediator, and nothing else', async () => {
  const catalogue = { ...shopRegistry.catalogue, 'wish-listed': wishListed };
  const schemas = { ...shopRegistry.schemas, 'wish-listed': schema };
  bench.startIntake({}, { ...shopRegistry, catalogue, schemas });
  await bench.send(wish);
  await until(async () => (await bench.rows(`event_id = 'w-1'`))[0]?.state === 'started');
  expect(await bench.flow('wish/test/w-1')).toMatchObject({ type: 'wishListMediator' });
  const place = await bench.send({ ...wish, id: 'w-2', data: { customerId: 'c-1' } });
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === place));
  expect(bench.sentLetters[0]?.event).toMatchObject({ reason: 'bad-body', problems: [{ field: 'isbn' }] });
});
