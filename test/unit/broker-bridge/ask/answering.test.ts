import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { Answering } from '../../../../broker-bridge/ask/answering.ts';
import type { Log } from '../../../../broker-bridge/component.ts';
import type { ServiceAnswer, ServiceRequest } from '../../../../broker-bridge/nats/service-port.ts';
import type { Answered, AskHandlers } from '../../../../contracts/outside/ask.ts';
import { createAskHandlers } from '../../../../app/questions.ts';
import { loadOrderPolicy } from '../../../../config/order-policy.ts';
import { openDatabase } from '../../../../prisma/database.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { until } from '../../../support/until.ts';

const body = (answer: ServiceAnswer | undefined): unknown => JSON.parse(new TextDecoder().decode(answer?.data));

/** Handlers of which `stock` answers so. */
const handlersOf = (stock: () => Promise<Answered<{ readonly titles: readonly [] }>>): AskHandlers => {
  return { 'place-order': notAsked, 'order-status': notAsked, stock };
};

const notAsked = () => Promise.reject(new Error('is not asked here'));

function question(answers: ServiceAnswer[], respond = (answer: ServiceAnswer) => void answers.push(answer)) {
  const data = new TextEncoder().encode('{}');
  return { data, headers: {}, replyTo: '_INBOX.test', respond } satisfies ServiceRequest;
}

const empty = { ok: true, value: { titles: [] } } as const;

test('of more than 200 questions under way the next is told so, and after their answers one is taken again', async () => {
  const release: (() => void)[] = [];
  const answering = new Answering(
    handlersOf(() => new Promise((resolve) => release.push(() => resolve(empty)))),
    silentLog,
  );
  const [answers, late]: [ServiceAnswer[], ServiceAnswer[]] = [[], []];
  for (let at = 0; at < 200; at += 1) answering.take('stock', question(answers));
  answering.take('stock', question(late));
  await until(() => late.length === 1);
  expect(body(late[0])).toMatchObject({ error: { kind: 'busy' } });
  for (const each of release.splice(0)) each();
  await until(() => answers.length === 200);
  answering.take('stock', question(late));
  release[0]?.();
  await until(() => late.length === 2);
  expect(body(late[1])).toEqual({ titles: [] });
  expect(answering.statistics('stock')).toMatchObject({ answered: 201, refused: 1, faults: 0, ignored: 0 });
});

test('a handler that fails is a fault of ours: logged, answered without its reason, and counted', async () => {
  const told: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (details, message) => void told.push(`${message} ${JSON.stringify(details)}`),
  };
  const answering = new Answering(
    handlersOf(() => Promise.reject(new Error('column "x" is odd'))),
    log,
  );
  const answers: ServiceAnswer[] = [];
  answering.take('stock', question(answers));
  await until(() => answers.length === 1);
  expect(answers[0]?.error).toEqual({ code: 500, description: 'fault' });
  expect(JSON.stringify(body(answers[0]))).not.toContain('odd');
  expect(told).toEqual(['A question met a fault {"question":"stock","error":"column \\"x\\" is odd"}']);
  expect(answering.statistics('stock')).toMatchObject({ faults: 1 });
});

test('an answer that cannot be sent is logged, and the next one is sent', async () => {
  const told: string[] = [];
  const log: Log = { ...silentLog, warn: (_details, message) => void told.push(message) };
  const answering = new Answering(
    handlersOf(() => Promise.resolve(empty)),
    log,
  );
  const answers: ServiceAnswer[] = [];
  const failing = question(answers, () => {
    throw new Error('too large');
  });
  answering.take('stock', failing);
  answering.take('stock', question(answers));
  await answering.finish(1_000);
  expect(told).toEqual(['An answer could not be sent']);
  expect(answers).toHaveLength(1);
});

test('a database that cannot be reached is said, and is no fault of the asker', async () => {
  const database = openDatabase('postgresql://nobody@127.0.0.1:1/shop', { poolSize: 1 });
  const handlers = createAskHandlers({ database, client: {} as Client }, loadOrderPolicy({}));
  const answer = await handlers.stock({ body: { isbns: ['9780134685991'] }, deadlineMs: 1 });
  const message = 'The database cannot be reached. Ask again later.';
  expect(answer).toEqual({ ok: false, error: { kind: 'unreachable', message } });
  await database.close();
});
