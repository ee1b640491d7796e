import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const MASTER_KEY_BYTES = 32;
const KEY_FILE_NAME = 'master.key';

/** The master key cannot be read, or making one would cut off the data that is already there. */
export class MasterKeyError extends Error {
  override name = 'MasterKeyError';
}

/** 32 bytes from 64 hex digits, or from base64 or base64url with or without padding; null for anything else. */
export function parseMasterKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(trimmed)) return null;
  return Buffer.from(trimmed, 'base64');
}

/**
 * The key that wraps every tenant's key, 32 bytes: the configured one, else the one in `master.key` in the data
 * folder, which is made at the first start (mode 600).
 *
 * @param source.configured the value of MEMORYSTACK_MASTER_KEY, or null
 * @param source.databaseExists whether data was written before: a new key could not read it, so none is made then
 * @throws MasterKeyError with a sentence that says what to do
 */
export async function readOrCreateMasterKey(source: {
  dataDir: string;
  configured: string | null;
  databaseExists: boolean;
}): Promise<Buffer> {
  if (source.configured !== null) {
    const key = parseMasterKey(source.configured);
    if (!key) throw new MasterKeyError(`MEMORYSTACK_MASTER_KEY must be ${MASTER_KEY_BYTES} bytes in base64 or hex`);
    return key;
  }
  const path = join(source.dataDir, KEY_FILE_NAME);
  const existing = await readKeyFile(path);
  if (existing) return existing;
  if (source.databaseExists) {
    throw new MasterKeyError(
      `The database was encrypted with a master key, and ${path} is missing. A new key could not read it: ` +
        `put the file back from your backup, or set MEMORYSTACK_MASTER_KEY.`,
    );
  }
  await createKeyFile(source.dataDir, path);
  const created = await readKeyFile(path);
  if (!created) throw new MasterKeyError(`${path} vanished right after it was written`);
  return created;
}

async function readKeyFile(path: string): Promise<Buffer | null> {
  const text = await readFile(path, 'utf8').catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return null;
    throw new MasterKeyError(`The master key ${path} cannot be read: ${err.message}`);
  });
  if (text === null) return null;
  const { mode } = await stat(path);
  // Windows has no such bits and reports 666 for every file.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new MasterKeyError(
      `The master key ${path} can be read by other users (mode ${(mode & 0o777).toString(8)}). ` +
        `If nobody has copied it, run: chmod 600 ${path}`,
    );
  }
  const key = parseMasterKey(text);
  if (!key) throw new MasterKeyError(`${path} must hold ${MASTER_KEY_BYTES} bytes in base64 or hex`);
  return key;
}

/** Linking a finished file into place makes it appear whole or not at all, and the first of two writers wins. */
async function createKeyFile(dataDir: string, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dataDir, { recursive: true });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((err: NodeJS.ErrnoException) => {
      if (err.code !== 'EEXIST') throw err;
    });
    await syncFolder(dataDir);
  } catch (err) {
    throw new MasterKeyError(`The master key ${path} cannot be written: ${(err as Error).message}`);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** A new name survives a power cut only once its folder is on disk. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
