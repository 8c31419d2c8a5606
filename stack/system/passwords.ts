import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from '../launch/private-file.ts';

/** Gives the password of a user of one of the system's servers, the same one at every start. */
export type PasswordOf = (server: 'nats' | 'postgres', user: string) => string;

/** The passwords of a system are made at its first start, and kept in its folder for its user alone. */
export function openPasswords(folder: string): PasswordOf {
  const file = join(folder, 'passwords.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  return (server, user) => {
    const name = `${server}/${user}`;
    const password = known[name] ?? randomBytes(24).toString('hex');
    if (!known[name]) {
      known[name] = password;
      writePrivately(file, JSON.stringify(known, null, 2));
    }
    return password;
  };
}

/** Hands out an environment, one file for each name, as `NAME=value`. Files of an earlier start are removed. */
export function writeEnvironments(folder: string, byName: ReadonlyMap<string, Readonly<Record<string, string>>>): void {
  const own = join(folder, 'env');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { mode: 0o700 });
  for (const [name, env] of byName) {
    const lines = Object.entries(env).map(([variable, value]) => `${variable}=${value}\n`);
    writePrivately(join(own, `${name}.env`), lines.join(''));
  }
}
