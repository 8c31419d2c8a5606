import { describe, expect, it } from 'vitest';
import { problemsOfDraft } from '../../../activities/repair/resubmission.ts';
import { createMessageValidator } from '../../../broker-bridge/dead-letter/validate.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { loadReturnPolicy } from '../../../config/return-policy.ts';
import { customerEventSubject, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { initiatingEvents } from '../../../contracts/initiating-events.ts';
import { eventSchemas } from '../../../contracts/schemas/initiating-events.ts';
import { anOrder } from '../../support/shop.ts';

const policies = { order: loadOrderPolicy({}), return: loadReturnPolicy({}) };
const validate = createMessageValidator({ catalogue: initiatingEvents, schemas: eventSchemas, policies });

const order = { ...anOrder(), customerId: 'c-1' };
const good = { 'ce-id': 'id-1', 'ce-source': 'shop', 'ce-type': 'place-order', 'ce-specversion': '1.0' };

const problemsWith = (headers: Readonly<Record<string, string>>, body: object = order) => {
  const data = Buffer.from(JSON.stringify(body));
  const subject = customerEventSubject('place-order');
  const of = {
    caseId: 'case-1',
    consumer: 'customer-event-queue',
    subject,
    headers,
    correctedHeaders: {},
    body: data,
    proposal: null,
  };
  return problemsOfDraft({ ...of, resubmissions: 0 }, { data }, validate);
};

describe('a draft at the repair desk', () => {
  it('is judged with the headers put right, as it would be sent', () => {
    expect(problemsWith(good)).toEqual([]);
    expect(problemsWith({ ...good, 'ce-source': '' })).toEqual([]);
    const { 'ce-source': _, ...sourceless } = good;
    expect(problemsWith(sourceless)).toEqual([]);
    expect(problemsWith({ ...good, 'ce-type': 'nonsense', 'ce-specversion': '0.3' })).toEqual([]);
  });

  it.each(['2026-11-23T10:00:00', 'yesterday', '2026-11-23', '1763892000'])(
    'may be sent by a person although its time %s says no instant: it goes without',
    (time) => expect(problemsWith({ ...good, [eventHeaders.time]: time })).toEqual([]),
  );

  it('whose header contradicts its body is told so before it is sent', () => {
    expect(problemsWith({ ...good, [eventHeaders.key]: 'c-2' })).toMatchObject([{ field: eventHeaders.key }]);
    expect(problemsWith({ ...good, [eventHeaders.key]: 'c-1' })).toEqual([]);
  });

  it('is told what is wrong with its body', () => {
    expect(problemsWith(good, { ...order, lines: [] }).map(({ field }) => field)).toEqual(['lines']);
  });
});
