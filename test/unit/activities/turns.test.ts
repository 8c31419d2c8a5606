import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from '../../../activities/notification/turns.ts';
import { commandRoutes } from '../../../contracts/command-routes.ts';
import { patience } from '../../../activities/notification/time-limits.ts';

const forEver = new AbortController().signal;

/** Work that goes on until it is told to end. */
function held(log: string[], name: string) {
  const told = new EventEmitter();
  const ended = once(told, 'end');
  const work = () => {
    log.push(name);
    return ended;
  };
  return { work, end: () => told.emit('end'), fail: () => told.emit('error', new Error(`${name} failed`)) };
}

it('so many work at once, and the others follow as they came, also after a failure', async () => {
  const log: string[] = [];
  const turns = createTurns(2);
  const works = ['a', 'b', 'c', 'd'].map((name) => held(log, name));
  const done = works.map(({ work }) => turns.inTurn(forEver, work));
  await setImmediate();
  expect(log).toEqual(['a', 'b']);
  works[1]?.fail();
  await expect(done[1]).rejects.toThrow('b failed');
  await setImmediate();
  expect(log).toEqual(['a', 'b', 'c']);
  for (const name of [0, 2, 3]) works[name]?.end();
  await Promise.allSettled(done);
  expect(log).toEqual(['a', 'b', 'c', 'd']);
});

it('who stops waiting does not work, and takes nobody’s turn with him', async () => {
  const log: string[] = [];
  const turns = createTurns(1);
  const first = held(log, 'first');
  const impatient = new AbortController();
  const begun = turns.inTurn(forEver, first.work);
  const stopped = turns.inTurn(impatient.signal, held(log, 'impatient').work);
  const last = held(log, 'last');
  const followed = turns.inTurn(forEver, last.work);
  impatient.abort(new Error('too long'));
  await expect(stopped).rejects.toThrow('too long');
  first.end();
  last.end();
  await Promise.all([begun, followed]);
  expect(log).toEqual(['first', 'last']);
  await expect(turns.inTurn(impatient.signal, last.work)).rejects.toThrow('too long');
});

it('waiting and sending end before the attempt does', () => {
  const seconds = Number.parseInt(commandRoutes['email-customer'].startToClose);
  expect(patience.freeConnectionMs + patience.sendMs).toBeLessThan(seconds * 1_000);
  expect(patience.freeConnectionMs).toBeGreaterThan(1_000);
});
