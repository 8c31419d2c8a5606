import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../stack/binaries.mjs';

/** One place in the workflow code, and what stands there after the change. */
export interface Change {
  /** From the folder `workflows/`. */
  readonly file: string;
  readonly from: RegExp;
  readonly to: string;
}

/** A change that no history of an order past step 3 survives: two commands are asked in another order. */
export const commandsSwapped: Change = {
  file: 'order/mediator.ts',
  from: /\(\) => fulfillOrder\(order\), \(\) => orderStock\(order\)/,
  to: '() => orderStock(order), () => fulfillOrder(order)',
};

/** Brackets a copy of the workflow code with a change in it. The copy lies in the checkout, so that it finds its packages. */
export async function withChangedWorkflows<T>(change: Change, use: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(join(checkout, '.cache'), { recursive: true });
  const copy = mkdtempSync(join(checkout, '.cache', 'changed-'));
  try {
    for (const folder of ['workflows', 'contracts']) {
      cpSync(join(checkout, folder), join(copy, folder), { recursive: true });
    }
    apply(change, join(copy, 'workflows'));
    return await use(join(copy, 'workflows'));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function apply({ file, from, to }: Change, workflows: string): void {
  const path = join(workflows, file);
  const text = readFileSync(path, 'utf8');
  if (!from.test(text))
    throw new Error(`workflows/${file} has nothing like ${from}: mend the change that the test makes.`);
  writeFileSync(path, text.replace(from, to));
}
