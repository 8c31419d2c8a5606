/**
 * Colours that people who see red and green alike can tell apart too, each at 3:1 or more on its background. Lines
 * differ by their dashes as well.
 */
const colours = [
  { light: '#0072b2', dark: '#56b4e9', dash: 'none' },
  { light: '#c24e00', dark: '#e69f00', dash: '7 3' },
  { light: '#00805d', dark: '#2ec49a', dash: '2 3' },
  { light: '#a8497f', dark: '#e39ac4', dash: '10 3 2 3' },
  { light: '#806000', dark: '#f0e442', dash: '4 2' },
  { light: '#595959', dark: '#b8b8b8', dash: '12 4' },
] as const;

/** The class of the series in this place. After the sixth the colours begin again. */
export const seriesClass = (at: number): string => `s${at % colours.length}`;

const rulesOf = (tone: 'light' | 'dark'): string =>
  colours.map((colour, at) => `.s${at}{--own:${colour[tone]}}`).join('');

const dashes = colours.map(({ dash }, at) => `.line.s${at}{stroke-dasharray:${dash}}`).join('');

/**
 * One file for light and dark: it follows the reader's system or the page that shows it. It has a background of its
 * own, so that it can be read where the two differ.
 */
export const style = [
  'svg{--page:#fff;--text:#1d1f23;--quiet:#5c5f66;--grid:#dedbd3}',
  rulesOf('light'),
  `@media (prefers-color-scheme:dark){svg{--page:#1b1e24;--text:#e7e8ea;--quiet:#a3a9b3;--grid:#3a404a}${rulesOf('dark')}.bar{fill-opacity:.7}}`,
  'text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--quiet)}',
  '.title{font-size:15px;font-weight:600}.title,.name,.value{fill:var(--text)}.value{font-size:11px}',
  '.page{fill:var(--page)}.grid{stroke:var(--grid)}.axis{stroke:var(--quiet)}',
  '.bar{fill:var(--own)}.line{fill:none;stroke:var(--own);stroke-width:2}.dot{fill:var(--own)}',
  '.whisker{stroke:var(--text);fill:none}',
  dashes,
].join('');
