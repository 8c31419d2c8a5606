import { join } from 'node:path';

/** Where the sources of the page are. */
const folder = join(import.meta.dirname, '..', '..', 'page');

/** What the page is made of. */
export interface Bundles {
  readonly script: string;
  readonly style: string;
}

/** Puts the page's script and style together, in memory. */
export async function bundle(): Promise<Bundles> {
  const [script, style] = await Promise.all([bundled('main.ts'), bundled('main.css')]);
  return { script, style };
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
