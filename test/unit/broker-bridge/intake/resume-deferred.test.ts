import { expect, test } from 'vitest';
import { createNotifier } from '../../../../broker-bridge/waiting.ts';
import type { DeadLetters } from '../../../../broker-bridge/dead-letter/dead-letters.ts';
import { caseAt } from '../../../../broker-bridge/intake/envelope.ts';
import { resumeDeferred, type ResumeOptions } from '../../../../broker-bridge/intake/resume-deferred.ts';
import type { StartResult } from '../../../../broker-bridge/intake/start-workflow.ts';
import { encodeEvent } from '../../../../broker-bridge/intake/encode-event.ts';
import type { DeferredEvent, Resumed } from '../../../../broker-bridge/intake/store/store.ts';
import { registered, shopRegistry } from '../../../support/intake.ts';
import { silentLog } from '../../../support/silent-log.ts';

const created = '2026-11-23T08:00:00.000Z';

const deferredEvent = (more: Partial<DeferredEvent> = {}): DeferredEvent => {
  const { subject, headers, data: body } = encodeEvent(registered('e-1', 'c-1'));
  const place = { sequence: 7, caseId: null, receivedAt: '2026-11-23T09:30:00Z', isOfThisStream: true };
  return { source: 'test', eventId: 'e-1', ...place, message: { subject, headers, body }, ...more };
};

/** Resumes one event until it is started or a dead letter. Temporal answers in turn, and with its last answer for ever. */
async function resumed(event: DeferredEvent, answers: readonly StartResult[]) {
  const end = new AbortController();
  const sent: string[] = [];
  let asked = 0;
  let result: Resumed | undefined;
  const deadLetters: DeadLetters = {
    send: (erroneous) => Promise.resolve(void sent.push(erroneous.caseId)),
    accepted: () => Promise.resolve(),
  };
  const store: ResumeOptions['store'] = {
    async resumeDeferred(_stream, _most, handle) {
      result = await handle([event]);
      end.abort();
      return 1;
    },
    deferred: () => Promise.resolve({ deferred: 1, hasGap: false }),
    noteGone: () => Promise.resolve(),
    unnotified: () => Promise.resolve([]),
    markStarted: () => Promise.resolve(),
  };
  await resumeDeferred(end.signal, {
    store,
    deadLetters,
    stream: { key: 'Q', created },
    registry: shopRegistry,
    startWorkflow: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? 'runs'),
    metrics: { count: () => undefined, stop: () => undefined },
    log: silentLog,
    backPressure: { admit: () => Promise.resolve(true), waiting: 0 },
    notifier: createNotifier(),
    firstSequence: () => Promise.resolve(1),
  });
  return { result, sent };
}

test('what Temporal refuses just after it was started is tried again, and started', async () => {
  const { result, sent } = await resumed(deferredEvent(), ['not-taken', 'runs']);
  expect(result?.started).toMatchObject([{ eventId: 'e-1' }]);
  expect(sent).toEqual([]);
});

test('what Temporal refuses for seconds is a case, the same that its message would lead to if it came again', async () => {
  const { result, sent } = await resumed(deferredEvent(), ['not-taken']);
  expect(result?.deadLettered).toMatchObject([{ eventId: 'e-1', caseId: caseAt(created, 7) }]);
  expect(sent).toEqual([caseAt(created, 7)]);
}, 20_000);

test('an event of a stream that is no more does not get the case of the message at its place in the new one', async () => {
  const { sent } = await resumed(deferredEvent({ isOfThisStream: false }), ['other-body']);
  expect(sent).toEqual([caseAt('2026-11-23T09:30:00Z', 7)]);
});
