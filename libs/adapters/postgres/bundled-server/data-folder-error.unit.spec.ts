import { describe, expect, it } from '@jest/globals';
import { DataFolderError, naming } from './data-folder-error.js';

const failing = (code: string) => () =>
  Promise.reject(Object.assign(new Error(`${code}: open '/srv/data/file'`), { code }));

describe('naming', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'this user may not write there'],
  ])('turns %s into a sentence that names the folder and the file', async (code, reason) => {
    const failure = naming('/srv/data', failing(code));
    await expect(failure).rejects.toThrow(DataFolderError);
    await expect(failure).rejects.toThrow(
      `The data folder /srv/data cannot be used: ${reason} (${code}: open '/srv/data/file')`,
    );
  });

  it('leaves other errors and results as they are', async () => {
    await expect(naming('/srv/data', failing('EIO'))).rejects.not.toThrow(DataFolderError);
    await expect(naming('/srv/data', () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
    expect(await naming('/srv/data', () => Promise.resolve(7))).toBe(7);
  });
});
