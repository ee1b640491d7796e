import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKeyError, readOrCreateMasterKey } from './master-key.js';

describe('readOrCreateMasterKey', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'master-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const open = (databaseExists = false, configured: string | null = null) =>
    readOrCreateMasterKey({ dataDir, configured, databaseExists });

  it('makes a key that only its owner may read, and keeps it', async () => {
    const first = await open();
    expect(first).toHaveLength(32);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await open(true)).toEqual(first);
  });

  it('makes the data folder when there is none', async () => {
    const below = join(dataDir, 'a', 'b');
    await readOrCreateMasterKey({ dataDir: below, configured: null, databaseExists: false });
    expect(await readdir(below)).toEqual(['master.key']);
  });

  it('gives all of several simultaneous first starts the same key and leaves nothing behind', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => open()));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['master.key']);
  });

  it('prefers the configured key and writes no file', async () => {
    const configured = Buffer.alloc(32, 9);
    expect(await open(true, configured.toString('hex'))).toEqual(configured);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('refuses to replace the lost key of an existing database', async () => {
    await expect(open(true)).rejects.toThrow(/put the file back from your backup, or set MEMORYSTACK_MASTER_KEY/);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('refuses a file that others may read', async () => {
    await open();
    await chmod(join(dataDir, 'master.key'), 0o640);
    await expect(open()).rejects.toThrow(/mode 640.*chmod 600/);
  });

  it('refuses a damaged file and leaves it as it is', async () => {
    await writeFile(join(dataDir, 'master.key'), 'too short\n', { mode: 0o600 });
    await expect(open()).rejects.toThrow(MasterKeyError);
    expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toBe('too short\n');
  });

  it('names the path when the data folder is no folder', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    const opening = readOrCreateMasterKey({ dataDir: file, configured: null, databaseExists: false });
    await expect(opening).rejects.toThrow(/file.master\.key cannot be read/);
  });
});
