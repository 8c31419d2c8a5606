import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/until.ts';
import { erroneous, openStage, orderOf, type Stage } from '../repair/stage.ts';

let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cases-'));
  stage = await openStage();
});
afterAll(async () => {
  await stage.rig.close();
  await rm(folder, { recursive: true });
});

const run = (...argv: readonly string[]) => runCommandLine(stage.rig.env, 'cases', ...argv);

const header = (...given: readonly string[]) => given.flatMap((one) => ['--header', one]);

async function fileOf(content: unknown): Promise<string> {
  const file = join(folder, 'message.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

describe('cases', () => {
  test('are listed, shown, repaired, discarded and verified', async () => {
    const [ruled, odd] = [erroneous(orderOf('12 EACH')), erroneous(orderOf('twelve'))];
    await stage.send(ruled, false);
    await stage.send(odd, false);
    await stage.isIn(ruled.caseId, 'resubmitted');
    await stage.isIn(odd.caseId, 'waiting');

    expect(objects(await run('--json'))).toMatchObject([
      { caseId: odd.caseId, state: 'waiting', reason: 'bad-body', rule: null, subject: 'customer.event.place-order' },
      { caseId: ruled.caseId, state: 'resubmitted', rule: 'quantity-with-unit@1' },
    ]);
    expect(objects(await run('--state', 'waiting', '--json'))).toHaveLength(1);
    const table = await run();
    expect(table.printed.join('\n')).toContain(odd.caseId);

    const sheet = await run('show', odd.caseId);
    expect(sheet.printed.join('\n')).toMatch(/lines\[0\]\.quantity +must be a whole number/);
    expect((await run('show', odd.caseId, '--json')).printed.join('')).not.toContain('card_ok');
    expect((await run('show', odd.caseId, '--body')).printed.join('')).toContain('"twelve"');

    const nobody = await run('take', odd.caseId);
    expect(nobody).toMatchObject({
      code: 2,
      noted: ['Say who acts on the case with --actor NAME, or set ORDER_ACTOR.'],
    });
    expect(await run('take', odd.caseId, '--actor', 'Ruth')).toMatchObject({ code: 0 });
    const wrong = await run('resubmit', odd.caseId, '--actor', 'Ruth', '--file', await fileOf(orderOf(0)));
    expect(wrong.code).toBe(1);
    expect(wrong.noted[0]).toMatch(/^The message cannot be sent back: lines\[0\]\.quantity must be a whole number/);
    const resubmit = ['resubmit', odd.caseId, '--actor', 'Ruth', '--file', await fileOf(orderOf(12))];
    expect(await run(...resubmit, ...header('ce-time')).then(({ code, noted }) => [code, noted[0]])).toEqual([
      2,
      '--header "ce-time" cannot be used: give NAME:VALUE, as in ce-time:2026-11-23T08:00:00Z.',
    ]);
    expect((await run(...resubmit, ...header('ce-id:evt-2', 'ce-partitionkey:c-2'))).noted[0]).toBe(
      'The message cannot be sent back: ce-id says which message this is, and stays as it is.',
    );
    expect((await run(...resubmit, ...header('Ce-PartitionKey: c-2'))).noted[0]).toBe(
      'The message cannot be sent back: ce-partitionkey is another customer than the event names.',
    );
    expect(sheet.printed.join('\n')).toMatch(/ce-partitionkey +c-1/);
    const right = await run(
      'resubmit',
      odd.caseId,
      '--actor',
      'Ruth',
      '--json',
      '--file',
      await fileOf(orderOf(12)),
      ...header('ce-partitionkey:', 'ce-time:2026-11-23T08:00:00Z'),
    );
    expect(objects(right)).toEqual([{ ok: true, caseId: odd.caseId, state: 'resubmitted' }]);
    const late = await run('discard', odd.caseId, '--actor', 'Ruth', '--reason', 'Too late.');
    expect(late).toMatchObject({ code: 1, noted: [expect.stringMatching(/on its way back.*Possible now: take\.$/)] });
    const message = await until(async () => (await stage.resubmitted(odd.caseId))[0]);
    expect(message.headers).toMatchObject({ 'ce-time': '2026-11-23T08:00:00Z' });
    expect(message.headers).not.toHaveProperty('ce-partitionkey');
    await stage.accepted(odd.caseId);
    expect(await stage.end(odd.caseId)).toBe('repaired');

    const [verdict] = objects(await run('verify', '--json'));
    expect(verdict).toMatchObject({ ok: true });
    const { head } = verdict as { head: { position: number; hash: string } };
    const noted = `${head.position}:${head.hash}`;
    expect((await run('verify', '--noted', noted)).printed[0]).toMatch(/the chain holds/);
    const other = await run('verify', '--noted', `${head.position}:${'0'.repeat(64)}`);
    expect(other).toMatchObject({ code: 1, noted: [expect.stringMatching(/does not hold at place \d+.*made anew/)] });
  });

  test('refuse what cannot be used', async () => {
    expect(await run('--state', 'broken')).toMatchObject({ code: 2 });
    expect(await run('show', 'no such case')).toMatchObject({ code: 2 });
    expect(await run('show', 'unknown')).toMatchObject({ code: 1, noted: ['There is no repair case unknown.'] });
    expect(await run('verify', '--noted', 'x')).toMatchObject({ code: 2 });
    expect(await run('discard', 'unknown', '--actor', 'Ruth')).toMatchObject({ code: 2 });
  });
});
