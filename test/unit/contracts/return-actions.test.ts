import { describe, expect, test } from 'vitest';
import type { ReturnActionName } from '../../../contracts/mediators/returns-mediator.ts';
import { parseReturnAction } from '../../../contracts/schemas/actions.ts';

const isbn = '9780134685991';
const actor = 'Kim Example';

test('an inspected title is read as people write it', () => {
  const lines = [{ isbn: '0-13-468599-7', accepted: 1, sellable: 0 }];
  expect(parseReturnAction('inspect', { actor: 'Kim', lines })).toMatchObject({
    action: { lines: [{ isbn: '9780134685991' }] },
  });
});

describe('an action on a return that is well formed is read as it is:', () => {
  test.each<[ReturnActionName, object]>([
    ['approve', { actor }],
    ['decline', { actor, reason: 'It was used.' }],
    ['parcel-received', { actor }],
    ['inspect', { actor, lines: [] }],
    ['inspect', { actor, lines: [{ isbn, accepted: 2, sellable: 1 }] }],
  ])('%s %j', (name, action) => {
    expect(parseReturnAction(name, action)).toEqual({ ok: true, action });
  });
});

describe('an action on a return that is not well formed is refused with the field named:', () => {
  test.each<[ReturnActionName, unknown, string]>([
    ['approve', {}, 'actor'],
    ['approve', { actor: null }, 'actor'],
    ['approve', { actor, reason: 'Why not.' }, 'reason'],
    ['decline', { actor }, 'reason'],
    ['decline', { actor, reason: 'one\ntwo' }, 'reason'],
    ['inspect', { actor }, 'lines'],
    ['inspect', { actor, lines: [{ isbn: '9780134685990', accepted: 1, sellable: 1 }] }, 'lines[0].isbn'],
    ['inspect', { actor, lines: [{ isbn, accepted: 1.5, sellable: 1 }] }, 'lines[0].accepted'],
    ['inspect', { actor, lines: [{ isbn, accepted: 1, sellable: 2 }] }, 'lines[0].sellable'],
    ['parcel-received', [], 'the action'],
  ])('%s %j', (name, input, field) => {
    const parsed = parseReturnAction(name, input);
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.field)).toContain(field);
  });
});
