import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** PostgreSQL refuses to run as root; when this process is root, it runs as this user. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user `postgres` when the machine has one, else `nobody`; undefined when this process is not root. */
export function postgresUser(): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const name = ['postgres', 'nobody'].find((candidate) => spawnSync('id', ['-u', candidate]).status === 0);
  if (!name) throw new Error('PostgreSQL cannot run as root, and this machine has neither a user postgres nor nobody.');
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A command line, and the user to start it as. */
export interface UserCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly user?: PostgresUser;
}

/**
 * The command line that runs a command as that user with access to these paths. Below a folder that only root may enter
 * (a checkout in root's home), the command keeps the one capability that lets it through.
 */
export function asUser(
  command: string,
  args: readonly string[],
  user: PostgresUser,
  paths: readonly string[],
): UserCommand {
  if ([command, ...paths].every(mayReach)) return { command, args, user };
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new Error(
      'PostgreSQL cannot run as root, and its user may not enter the folder of this checkout: ' +
        'move the checkout, install setpriv (util-linux), or give DATABASE_URL.',
    );
  }
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { command: 'setpriv', args: [...identity, ...capability, '--', command, ...args] };
}

/** True when every user may enter the folders above a path. */
function mayReach(path: string): boolean {
  const parent = dirname(path);
  if (parent === path) return true;
  const everybody = 0o001;
  return (statSync(parent).mode & everybody) !== 0 && mayReach(parent);
}
