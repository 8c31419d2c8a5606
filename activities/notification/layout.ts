import { formatMoney } from '../../contracts/money.ts';
import type { MailSubjectMatter } from '../../contracts/notification.ts';
import type { PricedLine } from '../../contracts/order-placement.ts';
import { legibleLine } from '../../contracts/reading/legible.ts';

/** The parts of every mail of the shop, as plain text that is not yet escaped. */
export interface MailContent {
  readonly greeting: string;
  readonly sentences: readonly string[];
  readonly link: string | undefined;
  /** The order whose lines and amounts are listed; none when it is left out. */
  readonly listed: MailSubjectMatter | undefined;
}

const beforeLink = 'You can do that here:';
const farewell = 'The Bookshop';

/** The mail as plain text. */
export function renderText({ greeting, sentences, link, listed }: MailContent): string {
  const paragraphs = [
    greeting,
    sentences.map(legibleLine).join('\n'),
    ...(link ? [`${beforeLink} ${link}`] : []),
    ...(listed ? [amountsOf(listed).join('\n')] : []),
    farewell,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** The same as HTML; every text is escaped here and nowhere else. */
export function renderHtml({ greeting, sentences, link, listed }: MailContent): string {
  const paragraphs = [greeting, ...sentences.map(legibleLine)].map((text) => `<p>${escapeHtml(text)}</p>`);
  const url = escapeHtml(link ?? '');
  const links = link ? [`<p>${beforeLink} <a href="${url}">${url}</a></p>`] : [];
  const rows = (listed ? amountsOf(listed) : []).map((text) => `<li>${escapeHtml(text)}</li>`);
  const list = listed ? [`<ul>${rows.join('')}</ul>`] : [];
  const body = [...paragraphs, ...links, ...list, `<p>${farewell}</p>`].join('\n');
  return `<!doctype html>\n<html lang="en"><body>\n${body}\n</body></html>\n`;
}

const amountsOf = ({ lines, shipping, total }: MailSubjectMatter): string[] => [
  ...lines.map(lineOf),
  `Shipping: ${formatMoney(shipping)}`,
  `Total: ${formatMoney(total)}`,
];

const lineOf = ({ quantity, title, unitPrice }: PricedLine): string =>
  `${quantity} x ${legibleLine(title)}, ${formatMoney(unitPrice)} each`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, also inside quotes. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
