import { expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';

it('prunes once a night, each kind at the age that the documentation says', () => {
  expect(loadConfig({}).pruning).toEqual({
    at: '03:30',
    ages: { facts: 45, seen: 60, answers: 90, cases: 90, histories: 180 },
  });
});

it('takes a time and ages of one’s own, and is off when it is said so', () => {
  const env = { PRUNE_AT: '23:05', PRUNE_FACTS_DAYS: '31', PRUNE_HISTORIES_DAYS: '3650' };
  expect(loadConfig(env).pruning).toMatchObject({ at: '23:05', ages: { facts: 31, seen: 60, histories: 3650 } });
  expect(loadConfig({ PRUNE_AT: 'off' }).pruning.at).toBeNull();
});

it.each(['24:00', '3:30', '03:60', 'nightly', '03:30 CET'])('there is no time of day %s', (time) => {
  expect(() => loadConfig({ PRUNE_AT: time })).toThrow('PRUNE_AT: must be a time of day in UTC, as 03:30, or off');
});

it.each([
  ['PRUNE_FACTS_DAYS', 30, /must be whole days, 31 to 36500: a fact that the stream has lost within 30 days/],
  ['PRUNE_SEEN_DAYS', 59, /must be whole days, 60 to 36500: a listener may hear a fact again for 60 days/],
  ['PRUNE_ANSWERS_DAYS', 29, /must be whole days, 30 to 36500: a workflow that is reset in Temporal/],
  ['PRUNE_CASES_DAYS', 29, /must be whole days, 30 to 36500: a message that was sent back/],
  ['PRUNE_HISTORIES_DAYS', 29, /must be whole days, 30 to 36500: people look/],
])('%s=%d is refused, because its guarantee has not lapsed by then', (name, tooShort, sentence) => {
  expect(() => loadConfig({ [name]: String(tooShort) })).toThrow(sentence);
  expect(() => loadConfig({ [name]: String(tooShort) })).toThrow(name);
  expect(loadConfig({ [name]: String(tooShort + 1) }).pruning.ages).toBeDefined();
});

it.each(['0', '-1', '45.5', 'long'])('an age of %s days is refused', (given) => {
  expect(() => loadConfig({ PRUNE_ANSWERS_DAYS: given })).toThrow('PRUNE_ANSWERS_DAYS: must be whole days');
});
