import { expect, test } from 'vitest';
import { lookAfter, takeBack, type SendBackPorts } from '../../../activities/repair/send-back.ts';
import type { ResubmittedRow } from '../../../activities/repair/returns.ts';
import type { CaseMessage, RepairStepStore } from '../../../activities/repair/steps.ts';

const of: CaseMessage = {
  caseId: 'case-1',
  consumer: 'customer-event-queue',
  subject: 'customer.event.place-order',
  headers: { 'ce-id': 'evt-1', 'ce-source': 'shop' },
  body: Buffer.from('{}'),
  proposal: Buffer.from('{}'),
  customerId: null,
  reason: 'bad-body',
  message: '',
  problems: [],
  state: 'resubmitted',
  rules: [],
  resubmissions: 1,
  owner: null,
  waitingSince: null,
};

/** Whoever asks after a message, with what the ledger and the stream say of it; and what was done then. */
function asking(row: ResubmittedRow | null, isHeld: boolean) {
  const done: string[] = [];
  const doing = <Answer>(what: string, answer: Answer) => {
    return (): Promise<Answer> => {
      done.push(what);
      return Promise.resolve(answer);
    };
  };
  const ports: SendBackPorts = {
    store: { read: () => Promise.resolve(of), note: doing('noted', undefined) } as unknown as RepairStepStore,
    returns: {
      rowOf: () => Promise.resolve(row),
      sentTo: () => Promise.resolve(7),
      acceptAs: doing('accepted', true),
      overdue: doing('overdue', true),
      refused: doing('refused', true),
    },
    wayBack: {
      publish: doing('sent', { streamSequence: 8 }),
      holds: () => Promise.resolve(isHeld),
      takeBack: doing('taken back', undefined),
    },
  };
  return { done, ports };
}

const own = { caseId: 'case-1' } as const;
const another = { caseId: 'case-2' } as const;

test.each<[what: string, row: ResubmittedRow | null, isHeld: boolean, done: readonly string[]]>([
  ['was taken', { ...own, state: 'started' }, false, ['accepted']],
  ['was given up with another that asked for the same', { ...own, state: 'discarded' }, false, ['accepted']],
  ['waits for its turn', { ...own, state: 'deferred' }, false, []],
  ['is about to come back', { ...own, state: 'dead-lettered' }, false, []],
  ['was passed over as a repeat of one from another case', { ...another, state: 'complete' }, false, ['accepted']],
  ['is in the queue, behind one of its id', { ...another, state: 'complete' }, true, ['overdue']],
  ['is in the queue', null, true, ['overdue']],
  ['is nowhere', null, false, ['sent', 'noted', 'overdue']],
])('a message that %s', async (_, row, isHeld, done) => {
  const asked = asking(row, isHeld);
  await lookAfter(asked.ports, { caseId: of.caseId, stepId: 'run/1' });
  expect(asked.done).toEqual(done);
});

test('a message is taken back unless the ledger has it', async () => {
  expect(await takeBack(asking(null, true).ports, of)).toBe(true);
  expect(await takeBack(asking({ ...another, state: 'complete' }, true).ports, of)).toBe(true);
  expect(await takeBack(asking({ ...own, state: 'received' }, false).ports, of)).toBe(false);
});
