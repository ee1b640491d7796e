import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolderError, naming } from './data-folder-error.js';
import { processSpace, processStart } from './process-identity.js';

/**
 * One server per data folder, without a lock that could outlive its holder.
 *
 * The lock is the file `server.lock.<n>` with the highest n, and it names a process. It is held while that process
 * lives. Whoever finds it dead links `server.lock.<n+1>`, which only one can do, and holds the lock if nothing higher
 * has appeared. Lower files are removed only by a later holder and a holder's own file never is (it is marked as
 * released instead), so a number cannot be given out again behind the back of someone who is still deciding.
 */
const LOCK_NAME = /^server\.lock\.(\d+)$/;
const HEARTBEAT_MS = 2_000;
/** A holder in another container cannot be looked up; it is believed dead after missing this many milliseconds. */
const SILENCE_MS = 3 * HEARTBEAT_MS;

export interface LockHolder {
  pid: number;
  /** See processStart. */
  start: string;
  /** See processSpace. */
  space: string;
  released: boolean;
}

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process, making the folder if need be.
 * @throws DataFolderError naming the process that holds it, or saying why the folder cannot be written
 */
export async function lockFolder(
  folder: string,
  onProgress: (sentence: string) => void = () => undefined,
): Promise<FolderLock> {
  return naming(folder, async () => {
    await mkdir(folder, { recursive: true });
    for (;;) {
      const highest = await highestNumber(folder);
      const holder = await livingHolder(folder, highest, onProgress);
      if (holder) {
        throw new DataFolderError(
          `The data folder ${folder} is in use by another server (process ${holder.pid}). ` +
            'Stop that one first, or set MEMORYSTACK_DATA_DIR to another folder.',
        );
      }
      const lock = await claim(folder, highest + 1);
      if (lock) return lock;
    }
  });
}

/** Who holds the data folder now, or null. */
export async function lockHolder(folder: string): Promise<LockHolder | null> {
  return livingHolder(folder, await highestNumber(folder), () => undefined);
}

const lockPath = (folder: string, number: number) => join(folder, `server.lock.${number}`);

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return [];
    throw err;
  });
  return names.flatMap((name) => LOCK_NAME.exec(name)?.slice(1).map(Number) ?? []);
}

const highestNumber = async (folder: string) => Math.max(0, ...(await lockNumbers(folder)));

async function livingHolder(
  folder: string,
  number: number,
  onProgress: (sentence: string) => void,
): Promise<LockHolder | null> {
  const path = lockPath(folder, number);
  // Missing: there is no lock yet, or a later holder has just removed it, which the claim will notice.
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const holder = parseHolder(text);
  if (holder === null || holder.released) return null;
  if (holder.space === (await processSpace())) {
    return (await processStart(holder.pid)) === holder.start ? holder : null;
  }
  onProgress(
    `The last server on ${folder} did not stop in order, or runs elsewhere: waiting ${SILENCE_MS / 1000} s for a sign of life`,
  );
  return (await beats(path)) ? holder : null;
}

/** A file that a power cut left empty or torn belongs to nobody who is still alive. */
function parseHolder(text: string): LockHolder | null {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return null;
  }
}

async function beats(path: string): Promise<boolean> {
  const beat = async () => (await stat(path).catch(() => null))?.mtimeMs;
  const before = await beat();
  await sleep(SILENCE_MS);
  return (await beat()) !== before;
}

async function claim(folder: string, number: number): Promise<FolderLock | null> {
  const start = await processStart(process.pid);
  const holder = { pid: process.pid, start: start ?? '', space: await processSpace(), released: false };
  const path = lockPath(folder, number);
  const temporary = join(folder, `.lock.${process.pid}.${randomBytes(4).toString('hex')}`);
  const write = (state: LockHolder) => writeFile(temporary, JSON.stringify(state), { mode: 0o600, flush: true });
  try {
    await write(holder);
    await link(temporary, path);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw err;
  } finally {
    await rm(temporary, { force: true });
  }
  const numbers = await lockNumbers(folder);
  if (Math.max(...numbers) !== number) {
    await rm(path, { force: true });
    return null;
  }
  await Promise.all(
    numbers.filter((lower) => lower < number).map((lower) => rm(lockPath(folder, lower), { force: true })),
  );

  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // a missed beat is made up for by the next
  }, HEARTBEAT_MS).unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      await write({ ...holder, released: true });
      await rename(temporary, path);
    },
  };
}
