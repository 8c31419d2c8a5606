import { describe, expect, it, test } from 'vitest';
import type { MessageOfCase } from '../../../activities/repair/case.ts';
import { correctable } from '../../../activities/repair/corrections.ts';
import { messageToResubmit, problemsOfDraft, type Draft } from '../../../activities/repair/resubmission.ts';
import { decodeFact, encodeFact, NotAFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { createMessageValidator } from '../../../broker-bridge/dead-letter/validate.ts';
import { decideAll } from '../../../broker-bridge/intake/decide.ts';
import { envelopeOf, idUsedTwice, notTaken } from '../../../broker-bridge/intake/envelope.ts';
import { readEvent } from '../../../broker-bridge/intake/read-event.ts';
import type { EventFault } from '../../../contracts/mediators/repair.ts';
import type { Message } from '../../../broker-bridge/nats/broker.ts';
import { caseActionsPossible } from '../../../contracts/mediators/case-actions.ts';
import { caseReasons, type CaseReason } from '../../../contracts/mediators/repair.ts';
import { shopRegistry } from '../../support/intake.ts';
import { anOrder } from '../../support/shop.ts';
import { aWrittenFact } from '../../support/facts.ts';

const validate = createMessageValidator(shopRegistry);
const order = { ...anOrder(), customerId: 'c-1' };
const body = JSON.stringify(order);
const good = { 'ce-id': 'evt-1', 'ce-source': 'shop', 'ce-type': 'place-order', 'ce-specversion': '1.0' };

const message = (change: { subject?: string; headers?: object; data?: string | Uint8Array } = {}): Message => ({
  subject: change.subject ?? 'customer.event.place-order',
  headers: { ...good, ...change.headers },
  data: typeof change.data === 'object' ? change.data : Buffer.from(change.data ?? body),
});

/** The case of a dead letter that waits for a person. */
const caseOf = ({ subject, headers, data }: Message, consumer = 'customer-event-queue'): MessageOfCase => ({
  caseId: 'case-1',
  consumer,
  subject,
  headers,
  correctedHeaders: {},
  body: data,
  proposal: null,
  resubmissions: 0,
});

/** The message that goes back when a person sends this; throws with the problems when it may not. */
function sent(of: MessageOfCase, { headers = {}, data = Buffer.from(body) }: Partial<Draft>): Message {
  const problems = problemsOfDraft(of, { data, headers }, validate);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const stored = { reason: 'bad-body', message: '', problems: [], rules: [], customerId: null, owner: null } as const;
  return messageToResubmit({
    ...of,
    ...stored,
    state: 'resubmitted',
    waitingSince: null,
    body: null,
    correctedHeaders: { ...of.correctedHeaders, ...headers },
    proposal: Buffer.from(data),
    resubmissions: 1,
  });
}

interface PutRight {
  readonly broken: Message;
  /** A reason that reading alone does not give. */
  readonly found?: EventFault;
  readonly edit?: Partial<Draft>;
}

/**
 * A dead letter of every reason, and what a person sends in its place. A reason that is added needs its own: this does
 * not compile without it.
 */
const everyReason: { readonly [Reason in Exclude<CaseReason, 'restored'>]: PutRight } = {
  'not-json': { broken: message({ data: body.slice(0, -1) }) },
  'not-utf8': { broken: message({ data: new Uint8Array([0x7b, 0xff, 0x7d]) }) },
  'too-deep': { broken: message({ data: '['.repeat(40) + ']'.repeat(40) }) },
  'too-large': { broken: message({ data: body.padEnd(70_000) }) },
  'bad-headers': { broken: message({ headers: { 'ce-time': 'yesterday' } }) },
  'unknown-event': {
    broken: message({ subject: 'customer.event.order-placed', headers: { 'ce-type': 'order-placed' } }),
    edit: { headers: { 'ce-type': 'place-order' } },
  },
  'wrong-version': { broken: message({ headers: { 'ce-dataschema': 'urn:order-mediator:place-order:2' } }) },
  'bad-body': { broken: message({ data: '{}' }) },
  'id-used-twice': { broken: message(), found: idUsedTwice },
  refused: { broken: message(), found: { reason: 'refused', message: 'There is no customer c-1.', problems: [] } },
  'not-taken': { broken: message(), found: notTaken },
  // The message itself is gone, and JetStream's word stands in its place: a person knows which event it was.
  advisory: {
    broken: { subject: '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.X', headers: {}, data: Buffer.from('{}') },
    found: { reason: 'advisory', message: 'JetStream has given up delivering this message.', problems: [] },
    edit: { headers: { 'ce-type': 'place-order' } },
  },
};

describe('a dead letter is put right by a person', () => {
  it.each(caseReasons.filter((reason) => reason !== 'restored'))('%s', (reason) => {
    const { broken, found, edit = {} } = everyReason[reason];
    const event = readEvent(broken, shopRegistry);
    const envelope = envelopeOf({ sequence: 1, message: broken, event, ownCase: 'case-1' });
    const [decision] = found ? [] : decideAll([envelope], []);
    expect((found ?? decision?.row?.fault)?.reason).toBe(reason);
    const kept = decision?.row?.message ?? { ...broken, body: broken.data };
    const waiting = {
      caseId: 'case-1',
      consumer: 'customer-event-queue',
      state: 'waiting',
      waitingSince: '2026-11-23T08:00:00Z',
    } as const;
    expect(caseActionsPossible(waiting)).toContain('resubmit');
    expect(caseActionsPossible({ ...waiting, consumer: 'restore-check' })).toEqual(['discard', 'take']);
    const back = readEvent(sent(caseOf({ ...kept, data: kept.body }), edit), shopRegistry);
    expect(back).toMatchObject({ ok: true, name: 'place-order', customerId: 'c-1', claimedCase: 'case-1' });
  });

  /** The headers of a message that a person has to put right, or that are put right by themselves. */
  it.each<[what: string, headers: Readonly<Record<string, string>>, corrected?: Readonly<Record<string, string>>]>([
    ['a key that is another customer', { 'ce-partitionkey': 'order-4711' }, { 'ce-partitionkey': 'c-1' }],
    ['a key that is another customer, left out', { 'ce-partitionkey': 'order-4711' }, { 'ce-partitionkey': '' }],
    ['a key that is no customer id', { 'ce-partitionkey': 'no customer' }],
    ['a time without a zone', { 'ce-time': '2026-11-23T10:00:00' }, { 'ce-time': '2026-11-23T10:00:00+01:00' }],
    ['a time under a name in capitals', { 'Ce-Time': 'noon' }, { 'ce-time': '2026-11-23T10:00:00Z' }],
    ['a type that is another event', { 'ce-type': 'customer-registered' }],
    ['a source that only the shop uses', { 'ce-source': 'client' }],
    ['a source that only the shop uses, said by name', { 'ce-source': 'unreadable' }, { 'ce-source': 'web-shop' }],
    ['no source', { 'ce-source': '' }, { 'ce-source': 'web-shop' }],
    ['a content type of another kind', { 'content-type': 'application/xml' }],
    ['a ce-datacontenttype of another kind', { 'ce-datacontenttype': 'text/plain' }],
    ['another version of CloudEvents', { 'ce-specversion': '0.3' }],
    ['no id', { 'ce-id': '' }],
    ['an id with spaces', { 'ce-id': 'evt 1' }],
    ['what is no header', { 'x-odd': 'a\nb' }],
  ])('bad headers: %s', (_, headers, corrected = {}) => {
    const broken = message({ headers });
    expect(readEvent(broken, shopRegistry)).toMatchObject({ ok: false, reason: 'bad-headers' });
    const back = sent(caseOf(broken), { headers: corrected });
    expect(readEvent(back, shopRegistry)).toMatchObject({ ok: true, customerId: 'c-1' });
    for (const [name, value] of Object.entries(corrected)) expect(back.headers[name] ?? '').toBe(value);
  });

  test('under another name it goes to the subject of that name', () => {
    const broken = message({ subject: 'customer.event.adress-changed', headers: { 'ce-type': 'adress-changed' } });
    const changed = JSON.stringify({ customerId: 'c-1', address: order.shipTo });
    const back = sent(caseOf(broken), { headers: { 'ce-type': 'address-changed' }, data: Buffer.from(changed) });
    expect(back.subject).toBe('customer.event.address-changed');
    expect(back.headers).toMatchObject({ 'ce-id': 'evt-1~1', 'ce-dataschema': 'urn:order-mediator:address-changed:1' });
  });

  test('what was corrected before stays when it comes back and is sent once more', () => {
    const broken = caseOf(message({ headers: { 'ce-partitionkey': 'order-4711' } }));
    const again = { ...broken, correctedHeaders: { 'ce-partitionkey': 'c-1' }, resubmissions: 1 };
    expect(sent(again, {}).headers).toMatchObject({ 'ce-partitionkey': 'c-1' });
  });
});

describe('a header that cannot be corrected is refused with what is possible', () => {
  it.each([
    ['ce-id', 'evt-2', 'says which message this is, and stays as it is'],
    ['ce-source', 'another', 'says which message this is, and stays as it is'],
    ['content-type', 'application/json', 'is put right by itself when the message goes back: leave it out'],
    ['repair-case', 'case-2', 'is put right by itself when the message goes back: leave it out'],
    ['x-shop', '1', 'is no header that can be corrected: possible are ce-type, ce-time, ce-partitionkey'],
    ['__proto__', '1', 'is no header that can be corrected: possible are ce-type, ce-time, ce-partitionkey'],
    ['ce-time', '2026-11-23T08:00:00Z\r\nx: y', 'must be one line of at most 500 characters'],
    ['ce-time', 'tomorrow', 'must be an instant, as in 2026-11-23T08:00:00Z'],
    ['ce-partitionkey', 'c-2', 'is another customer than the event names'],
    ['ce-type', 'order-placed', 'is not an event this shop knows'],
    ['ce-type', '>', 'is not an event this shop knows'],
  ])('%s: %j', (name, value, sentence) => {
    const headers = Object.fromEntries([[name, value]]);
    const problems = problemsOfDraft(caseOf(message()), { data: Buffer.from(body), headers }, validate);
    expect(problems).toEqual([{ field: name, message: sentence }]);
  });
});

describe('a message of a listener that is no fact is put right by a person', () => {
  const fact = encodeFact(aWrittenFact('customer-created', 'anna.b', { customerId: 'anna.b' }));
  const id = '00000000-0000-4000-8000-000000000002';

  it.each<[what: string, change: { subject?: string; headers?: object }, corrected: Readonly<Record<string, string>>]>([
    ['no id', { headers: { 'ce-id': '' } }, { 'ce-id': id }],
    ['an id that is no UUID', { headers: { 'ce-id': '7' } }, { 'ce-id': id }],
    ['no place', { headers: { 'ce-keysequence': 'first' } }, { 'ce-keysequence': '1' }],
    ['another source', { headers: { 'ce-source': 'shop' } }, { 'ce-source': 'order-mediator' }],
    ['another key than its subject', { headers: { 'ce-subject': 'bo' } }, { 'ce-subject': 'anna.b' }],
    ['a time without a zone', { headers: { 'ce-time': '2026-11-23T10:15:30' } }, { 'ce-time': '2026-11-23T10:15:30Z' }],
    ['the schema of another fact', { headers: { 'ce-dataschema': 'urn:order-mediator:order-created:1' } }, {}],
    ['no epoch', { headers: { 'ce-keyepoch': '' } }, { 'ce-keyepoch': '1' }],
    ['a subject without a key', { subject: 'customers.fact.customer-created' }, { 'ce-subject': 'anna.b' }],
    ['a name in capitals', { subject: 'customers.fact.Created.anna%2Eb' }, { 'ce-type': 'customer-created' }],
    ['another version of CloudEvents', { headers: { 'ce-specversion': '0.3' } }, {}],
  ])('%s', (_, change, corrected) => {
    const broken = {
      subject: change.subject ?? fact.subject,
      headers: { ...fact.headers, ...change.headers },
      data: fact.data,
    };
    expect(() => decodeFact(broken)).toThrow(NotAFact);
    const back = sent(caseOf(broken, 'listener:stock'), { headers: corrected, data: fact.data });
    const subject = back.headers['fact-subject'] ?? '';
    expect(decodeFact({ ...back, subject })).toMatchObject({ name: 'customer-created', key: 'anna.b', sequence: 1 });
  });

  test('its own id and place stay when they can be used', () => {
    const of = caseOf(fact, 'listener:stock');
    expect(correctable(of)).not.toContain('ce-id');
    const problems = problemsOfDraft(of, { data: fact.data, headers: { 'ce-keysequence': '2' } }, validate);
    expect(problems).toEqual([{ field: 'ce-keysequence', message: 'says which message this is, and stays as it is' }]);
  });
});
