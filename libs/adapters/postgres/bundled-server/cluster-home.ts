import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Binaries, runProgram } from './binaries.js';
import { databaseError, DataFolderError, naming } from './data-folder-error.js';
import { blockingFolder, chooseUser, isRoot, type UnprivilegedUser } from './unprivileged-user.js';

/** The only role until the migrations make others. */
export const SUPERUSER = 'postgres';
/** Where clusters go whose data folder PostgreSQL's user cannot walk to. */
const REACHABLE_PLACE = '/var/lib/memorystack';

/** The folder that holds one PostgreSQL cluster (its data folder), the superuser's password and the log. */
export interface ClusterHome {
  path: string;
  /** Null when PostgreSQL runs as the same user as we do. */
  user: UnprivilegedUser | null;
}

export const clusterFolder = (home: string) => join(home, 'cluster');
export const logFile = (home: string) => join(home, 'postgres.log');
const passwordFile = (home: string) => join(home, 'superuser.password');
const locationFile = (dataDir: string) => join(dataDir, 'postgres.location');

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The home that a former start made, or null.
 * @throws DataFolderError if the data folder points to a place that is gone
 */
export async function existingHome(dataDir: string): Promise<string | null> {
  const location = (await readFile(locationFile(dataDir), 'utf8').catch(() => null))?.trim();
  if (location === undefined)
    return (await exists(clusterFolder(join(dataDir, 'postgres')))) ? join(dataDir, 'postgres') : null;
  if (await exists(location)) return location;
  throw new DataFolderError(
    `The database of ${dataDir} was kept in ${location}, and that folder is gone. Put it back from your backup, ` +
      `or remove ${locationFile(dataDir)} to start with an empty database.`,
  );
}

/**
 * Finds or makes the home: `postgres` below the data folder, or a folder below /var/lib if we are root and the data
 * folder lies where no other user may walk. The data folder then holds its path in `postgres.location`.
 *
 * @throws DataFolderError if there is no place that PostgreSQL's user can reach
 */
export async function prepareHome(dataDir: string, onProgress: (sentence: string) => void): Promise<ClusterHome> {
  const found = await existingHome(dataDir);
  if (!isRoot()) {
    const path = found ?? join(dataDir, 'postgres');
    await mkdir(path, { recursive: true, mode: 0o700 });
    await refuseForeignCluster(path);
    return { path, user: null };
  }
  const owner = found === null ? null : await stat(clusterFolder(found)).catch(() => null);
  const user = owner ? { uid: owner.uid, gid: owner.gid } : await chooseUser();
  // The data folder is ours, so we may open it for walking; what is secret in it is closed file by file.
  if ((await blockingFolder(dataDir, user)) === dataDir) await chmod(dataDir, (await stat(dataDir)).mode | 0o001);
  const blocked = await blockingFolder(dataDir, user);
  const path = found ?? (blocked === null ? join(dataDir, 'postgres') : await homeElsewhere(dataDir));
  await mkdir(path, { recursive: true });
  await chmod(path, 0o711);
  const blockedHome = await blockingFolder(path, user);
  if (blockedHome !== null) {
    throw new DataFolderError(
      `PostgreSQL does not run as root, and the user it runs as (${user.uid}) cannot reach its database in ${path}: ` +
        `other users may not walk through ${blockedHome}. Allow that (chmod o+x ${blockedHome}), or move the data folder.`,
    );
  }
  if (dirname(path) === REACHABLE_PLACE)
    onProgress(`The database of ${dataDir} is in ${path} (PostgreSQL does not run as root)`);
  return { path, user };
}

async function homeElsewhere(dataDir: string): Promise<string> {
  const path = join(REACHABLE_PLACE, randomBytes(6).toString('hex'));
  await naming(REACHABLE_PLACE, () => mkdir(path, { recursive: true }));
  await writeFile(locationFile(dataDir), `${path}\n`, { flush: true });
  return path;
}

async function refuseForeignCluster(home: string): Promise<void> {
  const owner = await stat(clusterFolder(home)).catch(() => null);
  if (owner === null || process.getuid === undefined || owner.uid === process.getuid()) return;
  throw new DataFolderError(
    `The database in ${home} belongs to user ${owner.uid}, and this server runs as user ${process.getuid()}. ` +
      'Start it as the user that made the database.',
  );
}

/** @throws DataFolderError if the file is missing; it is made together with the cluster */
export async function superuserPassword(home: string): Promise<string> {
  const password = await readFile(passwordFile(home), 'utf8').catch((err: Error) => {
    throw new DataFolderError(`The password of the database beside it cannot be read: ${err.message}`);
  });
  return password.trim();
}

/** The superuser's connection string for a server on this loopback port. */
export const superuserUrl = (password: string, port: number) =>
  `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

/**
 * Makes the cluster if there is none. It is made under another name and renamed when it is whole, so a start that was
 * cut short leaves nothing that looks like a database.
 *
 * @returns the real path of the cluster (PostgreSQL's data folder)
 */
export async function ensureCluster(
  home: ClusterHome,
  binaries: Binaries,
  onProgress: (sentence: string) => void,
): Promise<string> {
  const cluster = clusterFolder(home.path);
  if (await exists(cluster)) return realpath(cluster);
  onProgress('Creating the database (once)');
  const unfinished = `${cluster}.unfinished`;
  const passwordForInitdb = join(home.path, 'initdb.password');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const password = randomBytes(32).toString('hex');
  await writeFile(passwordFile(home.path), `${password}\n`, { mode: 0o600, flush: true });
  await writeFile(passwordForInitdb, `${password}\n`, { mode: 0o600 });
  if (home.user !== null) {
    await chown(unfinished, home.user.uid, home.user.gid);
    await chown(passwordForInitdb, home.user.uid, home.user.gid);
  }
  const options = ['--auth=scram-sha-256', `--pwfile=${passwordForInitdb}`, '--encoding=UTF8'];
  // Whoever fills a segment waits while the next is made: 4 MB take a quarter of the default's 20 ms.
  options.push('--wal-segsize=4');
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8'];
  try {
    const target = ['-D', unfinished, '-U', SUPERUSER, '--no-instructions'];
    await runProgram(binaries.initdb, [...target, ...options, ...locale], home.user);
  } catch (err) {
    await rm(unfinished, { recursive: true, force: true });
    throw databaseError(`The database cannot be created in ${home.path}`, (err as Error).message);
  } finally {
    await rm(passwordForInitdb, { force: true });
  }
  await rename(unfinished, cluster);
  return realpath(cluster);
}
