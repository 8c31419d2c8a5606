import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { holdReasons } from '../../../contracts/mediators/holds.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function loadedFrom(content: unknown) {
  const file = join(folder, 'policy.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return loadOrderPolicy({ ORDER_POLICY_FILE: file });
}

const own = loadOrderPolicy({});

describe('the policy of orders', () => {
  it('is the shop’s own when the environment names no file', () => {
    expect(own.holds.payment).toEqual({ deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] });
    expect(own.retryFor['apply-payment']).toBe('10 minutes');
    expect(loadOrderPolicy({ ORDER_POLICY_FILE: '' })).toEqual(own);
  });

  it('has a deadline for everything people can help with', () => {
    expect(Object.keys(own.holds)).toEqual(holdReasons.filter((reason) => reason !== 'compensation'));
  });

  it('takes from a file what the file has, and the rest stays', () => {
    const policy = loadedFrom({
      holds: { payment: { deadline: '20 seconds' } },
      retryFor: { 'ship-order': '5 seconds' },
    });
    expect(policy.holds.payment).toEqual({ ...own.holds.payment, deadline: '20 seconds' });
    expect(policy.holds.stock).toEqual(own.holds.stock);
    expect(policy.retryFor).toEqual({ ...own.retryFor, 'ship-order': '5 seconds' });
    expect(loadedFrom({ holds: { stock: { reminders: [] } } }).holds.stock).toEqual({
      deadline: own.holds.stock.deadline,
      reminders: [],
    });
  });

  it('takes the longest deadline, and the most reminders', () => {
    const reminders = Array.from({ length: 50 }, (_, at) => `${at + 1} minutes`);
    const policy = loadedFrom({ holds: { stock: { deadline: '3650 days', reminders } } });
    expect(policy.holds.stock).toEqual({ deadline: '3650 days', reminders });
  });

  it('takes the limits of a file instead of its own, so that there may be none', () => {
    expect(own.approveAbove).toEqual({ EUR: 200_000, USD: 200_000, GBP: 200_000 });
    expect(loadedFrom({ approveAbove: { EUR: 5000 } }).approveAbove).toEqual({ EUR: 5000 });
    expect(loadedFrom({ approveAbove: {} }).approveAbove).toEqual({});
    expect(loadedFrom({}).approveAbove).toEqual(own.approveAbove);
  });

  it('has the mediator re-order titles, unless a file has listeners do it', () => {
    expect(own.reorderedBy).toBe('mediator');
    expect(loadedFrom({ reorderedBy: 'listeners' })).toEqual({ ...own, reorderedBy: 'listeners' });
  });

  it.each([
    ['somebody else to re-order', { reorderedBy: 'nobody' }, 'reorderedBy must be one of mediator, listeners'],
    ['a deadline of nothing', { holds: { payment: { deadline: '0 seconds' } } }, 'holds.payment.deadline must be'],
    [
      'a deadline beyond the year 9999',
      { holds: { payment: { deadline: '2913000 days' } } },
      'holds.payment.deadline must be no longer than 3650 days',
    ],
    ['a deadline beyond every date', { holds: { stock: { deadline: '99999999 days' } } }, 'must be no longer than'],
    ['a deadline one day too long', { holds: { stock: { deadline: '3651 days' } } }, 'must be no longer than'],
    ['the same in hours', { holds: { stock: { deadline: '87601 hours' } } }, 'must be no longer than'],
    [
      'a reminder that is too late',
      { holds: { fault: { reminders: ['99999999 days'] } } },
      'fault.reminders.0 must be no',
    ],
    [
      'a reminder at the deadline',
      { holds: { fault: { deadline: '2 days', reminders: ['1 day', '48 hours'] } } },
      'holds.fault.reminders must come before the deadline',
    ],
    [
      'fifty-one reminders',
      { holds: { stock: { reminders: Array.from({ length: 51 }, (_, at) => `${at + 1} minutes`) } } },
      'holds.stock.reminders must be a list of up to 50',
    ],
    ['a retry time of years', { retryFor: { default: '4000 days' } }, 'retryFor.default must be no longer than'],
    ['a field twice', '{"approveAbove":{"EUR":1,"EUR":2}}', 'holds the field EUR twice'],
    ['a deadline without a unit', { holds: { stock: { deadline: 7 } } }, 'holds.stock.deadline must be'],
    [
      'reminders that fall',
      { holds: { stock: { reminders: ['2 minutes', '90 seconds'] } } },
      'holds.stock.reminders must rise',
    ],
    [
      'a hold that has no deadline',
      { holds: { undo: {} } },
      'holds has no "undo", only approval, payment, stock, address',
    ],
    [
      'an unknown command',
      { retryFor: { 'apply-pament': '1 minute' } },
      'retryFor has no "apply-pament", only default',
    ],
    ['an unknown part', { reminders: [] }, 'the policy has no "reminders", only holds, retryFor, approveAbove'],
    [
      'an unknown part of a hold',
      { holds: { fault: { after: '1 day' } } },
      'holds.fault has no "after", only deadline',
    ],
    ['a limit of nothing', { approveAbove: { EUR: -1 } }, 'approveAbove.EUR must not be negative'],
    ['a limit in major units', { approveAbove: { EUR: 19.99 } }, 'approveAbove.EUR must be a whole amount'],
    ['a limit in another currency', { approveAbove: { NOK: 1 } }, 'approveAbove has no "NOK", only EUR, USD, GBP'],
    ['a list', [], 'the policy must be an object'],
    ['no JSON', 'deadline: 7 days', 'is not JSON'],
  ])('refuses a file with %s', (_, content, sentence) => {
    expect(() => loadedFrom(content)).toThrow(sentence);
  });

  it('names every field that is wrong at once, and a file that is not there', () => {
    const wrong = { holds: { payment: { deadline: 'soon' } }, retryFor: { default: '1 fortnight' } };
    expect(() => loadedFrom(wrong)).toThrow(/holds\.payment\.deadline must be.*; retryFor\.default must be/);
    expect(() => loadOrderPolicy({ ORDER_POLICY_FILE: '/no/such/policy.json' })).toThrow(
      'The order policy in /no/such/policy.json (ORDER_POLICY_FILE) cannot be read.',
    );
  });
});
