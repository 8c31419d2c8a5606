import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommandLine } from '../../support/command-line.ts';

const page = await readFile(join(import.meta.dirname, '../../../docs/client.md'), 'utf8');

/** The rows of the page's tables: a command and its example. */
const documented = [...page.matchAll(/^\| `(\w+)`\s*\|.*\| `(.*)`\s*\|$/gm)].map(([, name = '', example = '']) => ({
  name,
  example,
}));

/** The commands that a help text lists. */
async function commandsIn(...argv: readonly string[]): Promise<readonly string[]> {
  const { printed } = await runCommandLine({}, ...argv, '--help');
  const [, list = ''] = printed.join('\n').split('Commands:\n');
  return [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

test('every command of the program stands in docs/client.md, and no other', async () => {
  expect(documented.map(({ name }) => name).toSorted()).toEqual((await commandsIn()).toSorted());
});

test.each(['cases', 'return', 'listeners', 'webhooks'])(
  'what can be done with `%s` stands there as well',
  async (group) => {
    for (const command of await commandsIn(group)) expect(page).toContain(`\`${command}\``);
  },
);

test.each(documented)(
  'the example of $name begins with it and has options that it takes',
  async ({ name, example }) => {
    const words = example.split(' ');
    expect(words[0]).toBe(name);
    const [group, sub = ''] = words;
    const isGroup =
      ['cases', 'return', 'listeners', 'webhooks'].includes(name) && (await commandsIn(name)).includes(sub);
    const { printed } = await runCommandLine({}, ...(isGroup ? [group ?? '', sub] : [name]), '--help');
    for (const option of words.filter((word) => word.startsWith('--'))) expect(printed.join('\n')).toContain(option);
  },
);
