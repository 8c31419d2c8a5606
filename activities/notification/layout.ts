import { formatMoney } from '../../contracts/money.ts';
import type { MailSubjectMatter } from '../../contracts/notification.ts';
import type { PricedLine } from '../../contracts/order-placement.ts';
import { escapeHtml, oneLine } from './escape.ts';

/** What every mail of the shop is made of; plain text, nothing escaped yet. */
export interface MailContent {
  readonly greeting: string;
  readonly sentences: readonly string[];
  readonly about: MailSubjectMatter;
  /** Whether the lines and amounts of the order are listed. */
  readonly withLines: boolean;
}

const farewell = 'The Bookshop';

/** The mail as plain text. */
export function renderText({ greeting, sentences, about, withLines }: MailContent): string {
  const paragraphs = [
    greeting,
    sentences.map(oneLine).join('\n'),
    ...(withLines ? [amountsOf(about).join('\n')] : []),
    farewell,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** The same as HTML; every text is escaped here and nowhere else. */
export function renderHtml({ greeting, sentences, about, withLines }: MailContent): string {
  const paragraphs = [greeting, ...sentences.map(oneLine)].map((text) => `<p>${escapeHtml(text)}</p>`);
  const rows = amountsOf(about).map((text) => `<li>${escapeHtml(text)}</li>`);
  const list = withLines ? [`<ul>${rows.join('')}</ul>`] : [];
  const body = [...paragraphs, ...list, `<p>${farewell}</p>`].join('\n');
  return `<!doctype html>\n<html lang="en"><body>\n${body}\n</body></html>\n`;
}

const amountsOf = ({ lines, shipping, total }: MailSubjectMatter): string[] => [
  ...lines.map(lineOf),
  `Shipping: ${formatMoney(shipping)}`,
  `Total: ${formatMoney(total)}`,
];

const lineOf = ({ quantity, title, unitPrice }: PricedLine): string =>
  `${quantity} x ${oneLine(title)}, ${formatMoney(unitPrice)} each`;
