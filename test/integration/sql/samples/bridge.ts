import {
  advanceInTurn,
  advancePositions,
  lockPositions,
  noteFacts,
  noteReplay,
  recordFact,
  schemaMark,
} from '../../../../broker-bridge/facts/inbox-tables.ts';
import * as claim from '../../../../broker-bridge/intake/store/claim.ts';
import * as recording from '../../../../broker-bridge/intake/store/recording.ts';
import * as ringing from '../../../../broker-bridge/intake/store/ringing.ts';
import * as outgoing from '../../../../broker-bridge/facts/outgoing.ts';
import {
  knownStream,
  markPublished,
  markUnpublishable,
  noteStream,
  publishLostAgain,
  unpublishedFacts,
} from '../../../../broker-bridge/outbox/rows.ts';
import { addMail } from '../../../../listeners/email-analytics/listener.ts';
import { addFact } from '../../../../listeners/order-timeline/listener.ts';
import { sample } from '../describe.ts';

const key = { source: 'test', eventId: 'e-1' };
const asked = { place: 'case-1', key, otherKey: key, workflowId: 'order/1', bodyHash: 'hash', claimedCase: null };
const lost = { sequence: 1, caseId: 'case-1', customerId: null, name: 'place-order', mediatorClass: null };
const fact = {
  key: 'ord-1',
  source: 'order-mediator',
  epoch: 1,
  sequence: 1,
  name: 'email-sent',
  time: '2026-11-23T10:15:30.250Z',
  body: { orderId: 'ord-1', customerId: 'c-1', kind: 'shipped' },
} as const;

export const samples = [
  sample(markUnpublishable, [{ position: '1', unpublishable: 'It is too large.' }]),
  sample(unpublishedFacts, 500, ['1'], ['ord-1']),
  sample(markPublished, [{ position: '1', streamSequence: 1 }]),
  sample(knownStream, 'FACTS'),
  sample(noteStream, 'FACTS', '2026-11-23T10:15:30.250Z'),
  sample(publishLostAgain, { isAnew: false, first: 1, last: 7, removed: [3] }),
  sample(lockPositions, 'order_timeline', [{ source: 'order-mediator', key: 'ord-1' }]),
  sample(advanceInTurn, 'order_timeline', [{ source: 'order-mediator', key: 'ord-1', epoch: 1, first: 1, last: 2 }]),
  sample(advancePositions, 'order_timeline', [{ source: 'order-mediator', key: 'ord-1', epoch: 1, sequence: 1 }]),
  sample(noteFacts, 'email_analytics', ['00000000-0000-4000-8000-000000000001']),
  sample(noteReplay, 'email_analytics', 'rebuild'),
  sample(schemaMark, 'email_analytics'),
  sample(recordFact, {
    fact: { name: 'customer-created', key: 'c-1', body: { customerId: 'c-1' } },
    cause: { id: '00000000-0000-4000-8000-000000000001', correlationId: null },
  }),
  sample(outgoing.writeOutgoing, 'email_analytics', [{ id: 'fact/1', message: { to: 'its-own', content: {} } }]),
  sample(outgoing.takeDue, 'email_analytics', new Map([['lane', 1]])),
  sample(outgoing.removeOutgoing, 'email_analytics', 'fact/1'),
  sample(outgoing.postponeOutgoing, 'email_analytics', 'fact/1', { againIn: 500, problem: 'It is away.' }),
  sample(addMail, '2026-11-23', 'shipped', 'mails'),
  sample(addFact, fact),
  sample(claim.takeClaim),
  sample(claim.renewClaim, '1'),
  sample(claim.giveClaimBack, '1'),
  sample(recording.lookUp, [asked]),
  sample(recording.writeRows, '1', [], ['case-1']),
  sample(recording.noteLost, lost),
  sample(ringing.unrungEvents, 128, 64),
  sample(ringing.markRung, [key]),
  sample(ringing.ringAgain),
  sample(ringing.countUnderWay, 100),
];
