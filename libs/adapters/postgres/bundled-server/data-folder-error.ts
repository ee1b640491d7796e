/** The data folder cannot be used, or its database cannot be started; the message says why and what to do. */
export class DataFolderError extends Error {
  override name = 'DataFolderError';
}

const REASONS: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is full",
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  ENOENT: 'a part of the path does not exist',
};

/** Runs work that writes below a folder; a failure of the file system becomes one sentence that names the folder. */
export async function naming<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (err) {
    const code = (err as NodeJS.ErrnoException).code;
    const reason = code === undefined ? undefined : REASONS[code];
    if (reason === undefined) throw err;
    throw new DataFolderError(
      `The data folder ${folder} cannot be used: ${reason} (${(err as Error).message}). ` +
        'Put this right, or set MEMORYSTACK_DATA_DIR to another folder.',
      { cause: err },
    );
  }
}

/** PostgreSQL could not do its work: what failed, what to do if the disk is full, and PostgreSQL's last words. */
export function databaseError(failure: string, complaint: string): DataFolderError {
  const isFull = /No space left on device|Disk quota exceeded/.test(complaint);
  const advice = isFull ? 'The disk is full: make room and start again. ' : '';
  return new DataFolderError(`${failure}. ${advice}PostgreSQL says:\n${complaint.slice(-2_000)}`);
}
