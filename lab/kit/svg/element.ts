type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element of XML with its attributes and children, which are elements already or text made by `textOf`. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : textOf(value ?? '')}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text that may stand in XML, as content or attribute: marked-up characters escaped, forbidden ones left out. */
export const textOf = (text: string): string =>
  text.replace(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, '').replace(/[&<>"]/g, (sign) => entities[sign] ?? '');
