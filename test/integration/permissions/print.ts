import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { markOf, tables } from './tables.ts';

/* `npm run docs:permissions` writes the parts of docs/permissions.md anew that follow from the code. */

const page = new URL('../../../docs/permissions.md', import.meta.url);
let text = readFileSync(page, 'utf8');
for (const [name, part] of Object.entries(tables)) {
  const [before, rest] = text.split(markOf('begin', name));
  const after = rest?.split(markOf('end', name))[1];
  if (before === undefined || after === undefined) throw new Error(`docs/permissions.md has no marks for ${name}.`);
  text = `${before}${markOf('begin', name)}\n\n${part()}\n\n${markOf('end', name)}${after}`;
}
writeFileSync(page, await format(text, { parser: 'markdown', printWidth: 120 }));
