import { expect, test } from 'vitest';
import { requireSameStream, StreamLostData } from '../../../broker-bridge/outbox/lost-facts.ts';

const begun = {
  created: '2026-11-23T10:00:00.000Z',
  firstSequence: 3,
  lastSequence: 10,
  messages: 7,
  removed: 1,
  bytes: 800,
};

test.each([
  ['the same stream', begun],
  ['with new facts', { ...begun, lastSequence: 20, messages: 18 }],
  [
    'whose removed message has grown too old',
    { ...begun, firstSequence: 9, lastSequence: 20, messages: 12, removed: 0 },
  ],
  ['that has let go of old facts', { ...begun, firstSequence: 9, lastSequence: 20, messages: 12 }],
])('%s is the stream that the session began with', (_, now) => {
  expect(() => requireSameStream(begun, now, { acknowledged: 10, removed: 1 })).not.toThrow();
});

test.each([
  ['no stream', null, 10],
  ['one that was made anew', { ...begun, created: '2026-11-24T10:00:00.000Z' }, 10],
  ['an older copy', { ...begun, lastSequence: 9, messages: 7 }, 9],
  ['a copy from before the latest confirmation', { ...begun, lastSequence: 14, messages: 12 }, 15],
  ['one from whose midst a message was removed', { ...begun, messages: 6, removed: 2 }, 10],
  ['an emptied stream', { ...begun, firstSequence: 11, lastSequence: 10, messages: 0 }, 10],
  ['an emptied stream with new facts', { ...begun, firstSequence: 12, lastSequence: 14, messages: 3 }, 14],
])('%s has lost data', (_, now, acknowledged) => {
  expect(() => requireSameStream(begun, now, { acknowledged, removed: 1 })).toThrow(StreamLostData);
});
