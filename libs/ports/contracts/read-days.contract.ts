import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadDays } from '../read-days.js';

export interface ReadDaysUnderTest {
  readDays: ReadDays;
  /** The same in another process. */
  readDaysElsewhere: ReadDays;
  /** Sets the clock of both processes, ISO 8601. */
  setClock(now: string): void;
  newTenant(): Promise<string>;
  /** @returns its id */
  newMemory(tenantId: string): Promise<string>;
  erase(tenantId: string, memoryId: string): Promise<void>;
  stop(): Promise<void>;
}

/** The promises of `ReadDays`, one test each. */
export function readDaysContract(name: string, start: () => Promise<ReadDaysUnderTest>): void {
  describe(`${name} keeps the promises of ReadDays`, () => {
    let subject: ReadDaysUnderTest;
    beforeAll(async () => {
      subject = await start();
      subject.setClock('2026-03-15T12:00:00.000Z');
    });
    afterAll(() => subject.stop());

    it('tells the day of the last read, and nothing of what was never read', async () => {
      const tenantId = await subject.newTenant();
      const [read, unread] = [await subject.newMemory(tenantId), await subject.newMemory(tenantId)];
      subject.readDays.noteRead(tenantId, [read, read]);
      await subject.readDays.flush();
      expect(await subject.readDaysElsewhere.lastReadDays(tenantId, [read, unread])).toEqual(
        new Map([[read, '2026-03-15']]),
      );
    });

    it('never goes back a day, whichever process writes last', async () => {
      const tenantId = await subject.newTenant();
      const memoryId = await subject.newMemory(tenantId);
      subject.setClock('2026-03-15T23:59:59.999Z');
      subject.readDaysElsewhere.noteRead(tenantId, [memoryId]);
      subject.setClock('2026-03-16T00:00:00.000Z');
      subject.readDays.noteRead(tenantId, [memoryId]);
      await subject.readDays.flush();
      await subject.readDaysElsewhere.flush();
      expect(await subject.readDays.lastReadDays(tenantId, [memoryId])).toEqual(new Map([[memoryId, '2026-03-16']]));
    });

    it('mixes no tenants', async () => {
      const [one, two] = [await subject.newTenant(), await subject.newTenant()];
      const memoryId = await subject.newMemory(one);
      subject.readDays.noteRead(two, [memoryId]);
      subject.readDays.noteRead(one, [memoryId]);
      expect(await subject.readDays.lastReadDays(two, [memoryId])).toEqual(new Map());
      expect((await subject.readDays.lastReadDays(one, [memoryId])).size).toBe(1);
    });

    it('keeps nothing of a memory that was erased, noted before or after', async () => {
      const tenantId = await subject.newTenant();
      const memoryId = await subject.newMemory(tenantId);
      subject.readDays.noteRead(tenantId, [memoryId]);
      await subject.readDays.flush();
      await subject.erase(tenantId, memoryId);
      expect(await subject.readDays.lastReadDays(tenantId, [memoryId])).toEqual(new Map());
      subject.readDays.noteRead(tenantId, [memoryId]);
      expect(await subject.readDays.lastReadDays(tenantId, [memoryId])).toEqual(new Map());
    });
  });
}
