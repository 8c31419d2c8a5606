import { joinedSentences, type Problem } from '../../contracts/schemas/problem.ts';

/** The problems of options on one line, by the options as they were typed: `--line 2 (quantity) must be …`. */
export const optionSentences = (problems: readonly Problem[]): string =>
  joinedSentences(problems.map(({ field, message }) => `${optionOf(field)} ${optionWords(message)}`));

const options: Readonly<Record<string, string>> = {
  lines: '--line',
  customerId: '--customer',
  requestId: '--request-id',
  keepFor: '--keep-for',
};

/** `lines[1].quantity` is the quantity of the second `--line`; `shipTo.city` is `--city`. */
function optionOf(field: string): string {
  const [, index, part] = /^lines\[(\d+)\](?:\.(\w+))?$/.exec(field) ?? [];
  if (index !== undefined) return `${lineAt(index)}${part ? ` (${part})` : ''}`;
  if (field.startsWith('takes')) return 'facts';
  const name = field.replace(/^shipTo\./, '');
  return options[name] ?? (/^\w+$/.test(name) ? `--${name}` : name);
}

const optionWords = (message: string): string =>
  message.replace(/lines\[(\d+)\]/, (_, index: string) => lineAt(index)).replace(', given as a JSON number', '');

const lineAt = (index: string): string => `--line ${Number(index) + 1}`;
