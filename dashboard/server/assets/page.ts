import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

/** What a browser is given: one page and the files it names. */
export interface Page {
  readonly html: string;
  /** By their names, which change with their content. */
  readonly assets: ReadonlyMap<string, Asset>;
}

export interface Asset {
  readonly type: string;
  readonly content: string;
}

/** Where `npm run build` leaves the page's bundles; nobody has them in a checkout. */
const built = {
  script: join(import.meta.dirname, '..', '..', 'page.js'),
  style: join(import.meta.dirname, '..', '..', 'page.css'),
};

/** The page, as it was built, or put together now, in memory: in a checkout nobody has to build anything before. */
export async function loadPage(): Promise<Page> {
  if (!existsSync(built.script)) {
    const { script, style } = await bundle();
    return pageOf(script, style);
  }
  const [script, style] = await Promise.all([readFile(built.script, 'utf8'), readFile(built.style, 'utf8')]);
  return pageOf(script, style);
}

/** A page of this script and this style. */
export function pageOf(script: string, style: string): Page {
  const scriptName = `${hashOf(script)}.js`;
  const styleName = `${hashOf(style)}.css`;
  return {
    html: htmlWith(scriptName, styleName),
    assets: new Map([
      [scriptName, { type: 'text/javascript; charset=utf-8', content: script }],
      [styleName, { type: 'text/css; charset=utf-8', content: style }],
    ]),
  };
}

const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** Without any script or style of its own: the content security policy forbids it. */
const htmlWith = (script: string, style: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Repair desk</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/${style}">
<script type="module" src="/assets/${script}"></script>
</head>
<body>
<desk-app></desk-app>
<noscript>The repair desk needs JavaScript.</noscript>
</body>
</html>
`;
