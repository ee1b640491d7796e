import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataFolderError } from './data-folder-error.js';

/** Whom PostgreSQL runs as, when we are root: it refuses to be root itself. */
export interface UnprivilegedUser {
  uid: number;
  gid: number;
}

export const isRoot = () => process.getuid?.() === 0;

/** Best first: accounts that belong to a database before the account that belongs to nobody. */
const CANDIDATES = ['memorystack', 'postgres', 'nobody'];

/**
 * An existing account (initdb looks its name up).
 * @throws DataFolderError if the system has none of the accounts we try
 */
export async function chooseUser(): Promise<UnprivilegedUser> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const [, , uid, gid] = lines.find((fields) => fields[0] === name) ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new DataFolderError(
    `PostgreSQL does not run as root, and this system has none of the users ${CANDIDATES.join(', ')} to run it as. ` +
      'Start the server as another user, or set DATABASE_URL to your own PostgreSQL.',
  );
}

/** The innermost folder of the path that this user may not walk through, or null if it can reach the path. */
export async function blockingFolder(path: string, user: UnprivilegedUser): Promise<string | null> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder);
    const walkBit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & walkBit) === 0) return folder;
    if (folder === dirname(folder)) return null;
  }
}
