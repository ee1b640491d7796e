import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportFiles } from '../import-files.js';

export interface ImportFilesUnderTest {
  files: ImportFiles;
  /** The same in another process. */
  filesElsewhere: ImportFiles;
  newTenant(): Promise<string>;
  /** Lets the file be older than any is kept. */
  age(tenantId: string, jobId: string): Promise<void>;
  /** An import that is not over. */
  openJob(tenantId: string, jobId: string): Promise<void>;
  /** All that is stored of the files, as it is. */
  stored(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** The promises of `ImportFiles`, one test each. */
export function importFilesContract(name: string, start: () => Promise<ImportFilesUnderTest>): void {
  describe(`${name} keeps the promises of ImportFiles`, () => {
    let subject: ImportFilesUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('tells another process each part as it was written last, and null of any other', async () => {
      const [tenantId, jobId] = [await subject.newTenant(), randomUUID()];
      await subject.files.write(tenantId, jobId, 0, Buffer.from('first'));
      await subject.files.write(tenantId, jobId, 1, Buffer.from('second'));
      await subject.files.write(tenantId, jobId, 0, Buffer.from([0, 255]));
      const parts = await Promise.all([0, 1, 2].map((part) => subject.filesElsewhere.read(tenantId, jobId, part)));
      expect(parts).toEqual([Buffer.from([0, 255]), Buffer.from('second'), null]);
    });

    it('mixes no tenants', async () => {
      const [one, two, jobId] = [await subject.newTenant(), await subject.newTenant(), randomUUID()];
      await subject.files.write(one, jobId, 0, Buffer.from('one'));
      expect(await subject.files.read(two, jobId, 0)).toBeNull();
      await subject.files.remove(two, jobId);
      expect(await subject.files.read(one, jobId, 0)).toEqual(Buffer.from('one'));
    });

    it('stores nothing readable, and nothing of a file that was removed', async () => {
      const [tenantId, jobId] = [await subject.newTenant(), randomUUID()];
      await subject.files.write(tenantId, jobId, 0, Buffer.from('the red kettle'));
      const before = await subject.stored();
      expect(before.includes('the red kettle')).toBe(false);
      await subject.files.remove(tenantId, jobId);
      expect(await subject.files.read(tenantId, jobId, 0)).toBeNull();
      expect((await subject.stored()).length).toBeLessThan(before.length);
    });

    it('forgets old files, but none whose job is not over', async () => {
      const tenantId = await subject.newTenant();
      const [fresh, old, waiting] = [randomUUID(), randomUUID(), randomUUID()];
      for (const jobId of [fresh, old, waiting]) await subject.files.write(tenantId, jobId, 0, Buffer.from(jobId));
      for (const jobId of [old, waiting]) await subject.age(tenantId, jobId);
      await subject.openJob(tenantId, waiting);
      expect(await subject.files.prune()).toBe(1);
      const left = await Promise.all([fresh, old, waiting].map((jobId) => subject.files.read(tenantId, jobId, 0)));
      expect(left.map((bytes) => bytes?.toString() ?? null)).toEqual([fresh, null, waiting]);
    });
  });
}
