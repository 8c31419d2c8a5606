import { expect, test } from 'vitest';
import { createNotifier } from '../../../../broker-bridge/waiting.ts';
import type { DeadLetters } from '../../../../broker-bridge/dead-letter/dead-letter.ts';
import { caseAt } from '../../../../broker-bridge/intake/queued.ts';
import { releaseUntil, type ReleaseOptions } from '../../../../broker-bridge/intake/release.ts';
import type { Start } from '../../../../broker-bridge/intake/start-workflow.ts';
import { encodeEvent } from '../../../../broker-bridge/intake/send-events.ts';
import type { DeferredEvent, Released } from '../../../../broker-bridge/intake/store/store.ts';
import { registered, shopKinds } from '../../../support/intake.ts';
import { silentLog } from '../../../support/silent-log.ts';

const created = '2026-11-23T08:00:00.000Z';

const parkedEvent = (more: Partial<DeferredEvent> = {}): DeferredEvent => {
  const { subject, headers, data: body } = encodeEvent(registered('e-1', 'c-1'));
  const place = { sequence: 7, caseId: null, receivedAt: '2026-11-23T09:30:00Z', isOfThisStream: true };
  return { source: 'test', eventId: 'e-1', ...place, message: { subject, headers, body }, ...more };
};

/** Releases one event until something has come of it. Temporal answers in turn, and with its last answer for ever. */
async function released(event: DeferredEvent, answers: readonly Start[]) {
  const end = new AbortController();
  const handedOver: string[] = [];
  let asked = 0;
  let came: Released | undefined;
  const deadLetters: DeadLetters = {
    send: (erroneous) => Promise.resolve(void handedOver.push(erroneous.caseId)),
    accepted: () => Promise.resolve(),
  };
  const store: ReleaseOptions['store'] = {
    async release(_stream, _most, handle) {
      came = await handle([event]);
      end.abort();
      return 1;
    },
    deferred: () => Promise.resolve({ deferred: 1, hasGap: false }),
    noteGone: () => Promise.resolve(),
    untold: () => Promise.resolve([]),
    markStarted: () => Promise.resolve(),
  };
  await releaseUntil(end.signal, {
    store,
    deadLetters,
    stream: { key: 'Q', created },
    kinds: shopKinds,
    startFlow: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? 'runs'),
    meter: { count: () => undefined, stop: () => undefined },
    log: silentLog,
    room: { enter: () => Promise.resolve(true), waiting: 0 },
    notifier: createNotifier(),
    firstSequence: () => Promise.resolve(1),
  });
  return { came, handedOver };
}

test('what Temporal refuses just after it was started is tried again, and started', async () => {
  const { came, handedOver } = await released(parkedEvent(), ['not-taken', 'runs']);
  expect(came?.started).toMatchObject([{ eventId: 'e-1' }]);
  expect(handedOver).toEqual([]);
});

test('what Temporal refuses for seconds is a case, the same that its message would lead to if it came again', async () => {
  const { came, handedOver } = await released(parkedEvent(), ['not-taken']);
  expect(came?.handedOver).toMatchObject([{ eventId: 'e-1', caseId: caseAt(created, 7) }]);
  expect(handedOver).toEqual([caseAt(created, 7)]);
}, 20_000);

test('an event of a stream that is no more does not get the case of the message at its place in the new one', async () => {
  const { handedOver } = await released(parkedEvent({ isOfThisStream: false }), ['other-body']);
  expect(handedOver).toEqual([caseAt('2026-11-23T09:30:00Z', 7)]);
});
