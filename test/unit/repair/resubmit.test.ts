import { expect, test } from 'vitest';
import { checkResubmitted, withdraw, type ResubmitPorts } from '../../../activities/repair/resubmit.ts';
import type { CaseMessage, ResubmittedEvent } from '../../../activities/repair/statements.ts';
import type { RepairStore } from '../../../activities/repair/store.ts';

const of: CaseMessage = {
  caseId: 'case-1',
  consumer: 'customer-event-queue',
  subject: 'customer.event.place-order',
  headers: { 'ce-id': 'evt-1', 'ce-source': 'shop' },
  correctedHeaders: {},
  body: Buffer.from('{}'),
  proposal: Buffer.from('{}'),
  customerId: 'c-1',
  reason: 'bad-body',
  message: '',
  problems: [],
  state: 'resubmitted',
  rules: [],
  resubmissions: 1,
  owner: null,
  waitingSince: null,
};

/** The ports that the mediator store's row and the stream stand behind, and the calls that were made. */
function asking(row: ResubmittedEvent | null, isInStream: boolean) {
  const done: string[] = [];
  const doing = <Answer>(what: string, answer: Answer) => {
    return (): Promise<Answer> => {
      done.push(what);
      return Promise.resolve(answer);
    };
  };
  const store: Partial<RepairStore> = {
    read: () => Promise.resolve(of),
    note: doing('noted', undefined),
    eventOf: () => Promise.resolve(row),
    lastPlace: () => Promise.resolve(7),
    acceptAs: doing('accepted', true),
    overdue: doing('overdue', true),
    refused: doing('refused', true),
  };
  const ports: ResubmitPorts = {
    store: store as RepairStore,
    resubmitter: {
      publish: doing('sent', { streamSequence: 8 }),
      has: () => Promise.resolve(isInStream),
      withdraw: doing('withdrawn', undefined),
    },
    ring: doing('rung', undefined),
  };
  return { done, ports };
}

const own = { caseId: 'case-1' } as const;
const another = { caseId: 'case-2' } as const;

test.each<[what: string, row: ResubmittedEvent | null, isInStream: boolean, done: readonly string[]]>([
  ['was taken', { ...own, state: 'started' }, false, ['accepted', 'rung']],
  ['was taken and waits for its turn', { ...own, state: 'received' }, false, ['accepted', 'rung']],
  ['was given up with another that asked for the same', { ...own, state: 'discarded' }, false, ['accepted', 'rung']],
  ['is about to come back', { ...own, state: 'dead-lettered' }, false, []],
  [
    'was passed over as a repeat of one from another case',
    { ...another, state: 'complete' },
    false,
    ['accepted', 'rung'],
  ],
  ['is in the queue, behind one of its id', { ...another, state: 'complete' }, true, ['overdue']],
  ['is in the queue', null, true, ['overdue']],
  ['is nowhere', null, false, ['sent', 'noted', 'overdue']],
])('a message that %s', async (_, row, isInStream, done) => {
  const asked = asking(row, isInStream);
  await checkResubmitted(asked.ports, { caseId: of.caseId, stepId: 'run/1' });
  expect(asked.done).toEqual(done);
});

test('a message is withdrawn unless the mediator store has it', async () => {
  expect(await withdraw(asking(null, true).ports, of)).toBe(true);
  expect(await withdraw(asking({ ...another, state: 'complete' }, true).ports, of)).toBe(true);
  expect(await withdraw(asking({ ...own, state: 'received' }, false).ports, of)).toBe(false);
});
