import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitOutbox } from '../commit-outbox.js';

export interface CommitOutboxUnderTest {
  /** Two processes on one ledger. */
  one: CommitOutbox;
  other: CommitOutbox;
  newTenant(): Promise<string>;
  /** Appends commits in the process of `one`. @returns the position of the last */
  append(tenantId: string, commits: number): Promise<number>;
  /** Breaks the connections of `one`, as a network does. */
  disturb(): Promise<void>;
  stop(): Promise<void>;
}

/** The promises of `CommitOutbox`, one test each. */
export function commitOutboxContract(name: string, make: () => Promise<CommitOutboxUnderTest>): void {
  describe(`${name} keeps the promises of CommitOutbox`, () => {
    let subject: CommitOutboxUnderTest;
    beforeAll(async () => {
      subject = await make();
    }, 60_000);
    afterAll(() => subject.stop());

    it('gives commits in the order of their positions, without a gap, at least one and up to the bytes asked', async () => {
      const tenant = await subject.newTenant();
      await subject.append(tenant, 300);
      const positions = async (after: number, bytes: number) =>
        (await subject.one.commits(tenant, after, bytes)).map(({ position }) => position);
      expect(await positions(0, 1)).toEqual([1]);
      expect(await positions(126, 1_000_000)).toEqual(Array.from({ length: 174 }, (_, at) => 127 + at));
      const some = await subject.one.commits(tenant, 10, 5_000);
      expect(some.length).toBeGreaterThan(1);
      expect(some.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(5_000);
      expect(await positions(300, 1_000_000)).toEqual([]);
    });

    it('knows who is behind, and never takes back what was relayed', async () => {
      const tenant = await subject.newTenant();
      const behind = async () => (await subject.one.behind()).find(({ tenantId }) => tenantId === tenant);
      expect(await behind()).toBeUndefined();
      await subject.append(tenant, 5);
      expect(await behind()).toEqual({ tenantId: tenant, relayed: 0, head: 5 });
      await subject.one.relayed(new Map([[tenant, 4]]));
      await subject.other.relayed(new Map([[tenant, 2]]));
      expect(await behind()).toEqual({ tenantId: tenant, relayed: 4, head: 5 });
      await subject.one.relayed(new Map([[tenant, 5]]));
      expect(await behind()).toBeUndefined();
    });

    it('calls every process soon after a commit', async () => {
      const tenant = await subject.newTenant();
      const heard = { one: 0, other: 0 };
      const ends = [subject.one.onGrowth(() => (heard.one += 1)), subject.other.onGrowth(() => (heard.other += 1))];
      await subject.append(tenant, 1);
      for (let waits = 0; waits < 500 && heard.other === 0; waits += 1) await sleep(10);
      for (const end of ends) end();
      expect(heard.one).toBeGreaterThan(0);
      expect(heard.other).toBeGreaterThan(0);
    });

    it('lets one process hold a partition, until it loses its connection', async () => {
      expect([...(await subject.one.claim([0, 1, 2]))].sort()).toEqual([0, 1, 2]);
      expect([...(await subject.other.claim([1, 2, 3]))]).toEqual([3]);
      await subject.disturb();
      for (let waits = 0; waits < 500 && (await subject.other.claim([1, 2, 3])).size < 3; waits += 1) await sleep(10);
      expect([...(await subject.other.claim([1, 2, 3]))].sort()).toEqual([1, 2, 3]);
      const again = await claimAgain(subject.one);
      expect([...again]).toEqual([0]);
    });
  });
}

/** The first call after the loss may be the one that notices it. */
async function claimAgain(outbox: CommitOutbox): Promise<ReadonlySet<number>> {
  return outbox.claim([0, 1, 2]).catch(() => outbox.claim([0, 1, 2]));
}
