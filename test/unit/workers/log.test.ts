import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The lines that a process logs, as they come out of it. */
function logged(details: object, message: string): string {
  const script = `
    const { openLog } = await import('./workers/log.ts');
    openLog({ logLevel: 'info' }).info(${JSON.stringify(details)}, ${JSON.stringify(message)});`;
  const ran = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return ran.stdout + ran.stderr;
}

test(
  'a line of the log escapes what hides or reorders text, and what a terminal would obey: the value stays',
  { timeout: 60_000 },
  () => {
    const owner = 'Ada\u202Enimda\u200B\u009B2J\u2028';
    const line = logged({ owner, name: 'محمد 👩‍👧' }, `taken by ${owner}`);
    expect(line).toContain(String.raw`Ada\u202enimda\u200b\u009b2J\u2028`);
    expect(line).toContain('محمد 👩‍👧');
    expect(JSON.parse(line)).toMatchObject({ owner, msg: `taken by ${owner}` });
  },
);
