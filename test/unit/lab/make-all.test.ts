import { afterEach, expect, it, vi } from 'vitest';
import { makeAll } from '../../../lab/kit/make-all.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

it('makes all in order, goes on after one that failed, and names those at the end', async () => {
  const printed: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const made: string[] = [];
  await makeAll(['orders', 'growth', 'auction'], '1', (...args) => {
    made.push(args.join(' '));
    return Promise.resolve(args[0] === 'growth' ? 1 : args[0] === 'auction' ? null : 0);
  });
  expect(made).toEqual(['orders --runs 1', 'growth --runs 1', 'auction --runs 1']);
  expect(printed).toEqual(['2 of 3 failed: growth, auction.']);
  expect(process.exitCode).toBe(1);
});

it('ends well when every one did', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await makeAll(['orders'], undefined, (...args) => Promise.resolve(args.length === 1 ? 0 : 1));
  expect(process.exitCode).toBeUndefined();
});
