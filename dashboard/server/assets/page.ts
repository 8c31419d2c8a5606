import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The page for a browser, and the files that it names. */
export interface Page {
  readonly html: string;
  /** By name; a name changes with its content, so that browsers may keep it for ever. */
  readonly assets: ReadonlyMap<string, Asset>;
}

export interface Asset {
  readonly type: string;
  readonly content: string;
}

/** `npm run build` leaves the page's bundles here; a checkout has none. */
const built = {
  script: join(import.meta.dirname, '..', '..', 'page.js'),
  style: join(import.meta.dirname, '..', '..', 'page.css'),
};

/** The page as it was built; in a checkout it is bundled now, in memory, so that no build is needed first. */
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
  const scriptName = `${contentHash(script)}.js`;
  const styleName = `${contentHash(style)}.css`;
  return {
    html: htmlWith(scriptName, styleName),
    assets: new Map([
      [scriptName, { type: 'text/javascript; charset=utf-8', content: script }],
      [styleName, { type: 'text/css; charset=utf-8', content: style }],
    ]),
  };
}

const contentHash = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** No inline script or style: the content security policy forbids them. */
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

const pageFolder = join(import.meta.dirname, '..', '..', 'page');

/** The page's script and style. */
interface Bundles {
  readonly script: string;
  readonly style: string;
}

/** Bundles the page's script and style in memory. */
export async function bundle(): Promise<Bundles> {
  const [script, style] = await Promise.all([bundled('main.ts'), bundled('main.css')]);
  return { script, style };
}

async function bundled(entry: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(pageFolder, entry)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`The page's ${entry} came to nothing.`);
  return file.text;
}
