import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder, lockHolder } from './folder-lock.js';
import { processSpace, processStart } from './process-identity.js';

const NO_PROCESS = 2 ** 30;

describe('lockFolder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folder-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const plant = (number: number, holder: object) =>
    writeFile(join(folder, `server.lock.${number}`), JSON.stringify({ released: false, ...holder }));

  it('is held by one and free after its release', async () => {
    expect(await lockHolder(folder)).toBeNull();
    const lock = await lockFolder(folder);
    expect(await lockHolder(folder)).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await lockHolder(folder)).toBeNull();
  });

  it.each([
    ['free', async () => undefined],
    ['held by a dead process', async () => plant(7, { pid: NO_PROCESS, start: '1', space: await processSpace() })],
    ['torn by a power cut', () => writeFile(join(folder, 'server.lock.3'), '{"pi')],
  ])('goes to exactly one of many that want it when it is %s', async (_state, prepare) => {
    await prepare();
    const outcomes = await Promise.allSettled(Array.from({ length: 32 }, () => lockFolder(folder)));
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await lockHolder(folder)).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('is not kept by a stranger who was given the process id of a dead holder', async () => {
    await plant(1, { pid: process.ppid, start: 'another start', space: await processSpace() });
    expect(await lockHolder(folder)).toBeNull();
  });

  it('is kept by the process that started when the lock says', async () => {
    const start = await processStart(process.ppid);
    await plant(1, { pid: process.ppid, start, space: await processSpace() });
    await expect(lockFolder(folder)).rejects.toThrow(`(process ${process.ppid})`);
  });

  it('watches for a sign of life where the holder cannot be looked up', async () => {
    await plant(1, { pid: process.pid, start: '1', space: 'another container' });
    const beating = setInterval(() => void utimes(join(folder, 'server.lock.1'), new Date(), new Date()), 500);
    try {
      await expect(lockFolder(folder)).rejects.toThrow('is in use by another server');
    } finally {
      clearInterval(beating);
    }
    const said: string[] = [];
    const lock = await lockFolder(folder, (sentence) => said.push(sentence));
    expect(said.join()).toContain('waiting 6 s');
    await lock.release();
  });
});
