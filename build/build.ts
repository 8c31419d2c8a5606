import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import ts from 'typescript';
import { bundle } from '../dashboard/server/assets/page.ts';
import { checkout } from '../stack/binaries.mjs';
import { bundleOf } from '../workers/workflow-code.ts';
import { folders, stamp } from './sources.mjs';
import { writePackage } from './write-package.ts';

/** The folder of the workflows' sources. */
const workflows = join(checkout, 'workflows');

/** The folder of the code that runs in browsers. */
const page = join(checkout, 'dashboard', 'page', sep);

/**
 * Makes everything that a machine without the sources needs: JavaScript, the bundle of the workflows, migrations and
 * seeds, and a `package.json` with its lock. Types are not checked here.
 */
export async function build(out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await Promise.all([
    ...folders.filter((folder) => folder !== 'workflows').map((folder) => buildFolder(folder, out)),
    bundleWorkflows(workflows, out),
    bundlePage(out),
    writePackage(out),
  ]);
  stamp(out);
}

/** Makes `workflow-bundle.js` of the workflows in a folder. */
export async function bundleWorkflows(folder: string, out: string): Promise<void> {
  writeFileSync(join(out, 'workflow-bundle.js'), await bundleOf(folder, new DefaultLogger('WARN')));
}

/** Makes `dashboard/page.js` and `dashboard/page.css`. */
async function bundlePage(out: string): Promise<void> {
  const { script, style } = await bundle();
  const folder = join(out, 'dashboard');
  await mkdir(folder, { recursive: true });
  await Promise.all([writeFile(join(folder, 'page.js'), script), writeFile(join(folder, 'page.css'), style)]);
}

/** Makes JavaScript of a folder of the sources, and copies its data. */
export async function buildFolder(folder: string, out: string): Promise<void> {
  const entries = await readdir(join(checkout, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const built = files.filter((file) => !file.startsWith(page));
  await Promise.all(built.map((file) => buildFile(file, join(out, relative(checkout, file)))));
}

/** TypeScript becomes JavaScript and data is copied; declarations and launchers of the sources are left out. */
async function buildFile(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const kind = extname(file);
  if (kind === '.ts') {
    const { outputText } = ts.transpileModule(await readFile(file, 'utf8'), { fileName: file, compilerOptions });
    await writeFile(target.replace(/\.ts$/, '.js'), outputText);
  } else if (kind !== '.mjs' && kind !== '.mts') await cp(file, target);
}

const { compilerOptions: asWritten } = JSON.parse(readFileSync(join(checkout, 'tsconfig.json'), 'utf8')) as {
  readonly compilerOptions: { readonly target: 'ES2022' };
};

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget[asWritten.target],
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};
