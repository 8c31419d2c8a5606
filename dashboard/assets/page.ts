import { createHash } from 'node:crypto';
import { join } from 'node:path';

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

const folder = join(import.meta.dirname, '..', 'page');

/** Puts the page together, in memory: nobody has to build anything before, and nothing is served from disk. */
export async function bundlePage(): Promise<Page> {
  const [script, style] = await Promise.all([bundled('main.ts'), bundled('main.css')]);
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

async function bundled(entry: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(folder, entry)],
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
