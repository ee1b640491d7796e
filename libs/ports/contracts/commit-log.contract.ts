import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitFeed, DeliveredCommit } from '../commit-feed.js';
import type { OutboxCommit } from '../commit-outbox.js';
import type { CommitPublisher } from '../commit-publisher.js';

export interface CommitLogUnderTest {
  publisher: CommitPublisher;
  /** A process of the group `group`. */
  feed(group: string): CommitFeed;
  stop(): Promise<void>;
}

const waitLimitMs = 30_000;

/** The promises of `CommitPublisher` and `CommitFeed`, which only show together: one test each. */
export function commitLogContract(name: string, make: () => Promise<CommitLogUnderTest>): void {
  describe(`${name} keeps the promises of CommitPublisher and CommitFeed`, () => {
    let log: CommitLogUnderTest;
    beforeAll(async () => {
      log = await make();
    }, 240_000);
    afterAll(() => log.stop(), 60_000);

    it('puts every commit of a tenant into one partition, for ever the same', () => {
      const partitions = new Set(Array.from({ length: 200 }, (_, at) => log.publisher.partitionOf(`tenant-${at}`)));
      expect(partitions.size).toBeGreaterThan(log.publisher.partitions / 2);
      for (const partition of partitions) expect(partition).toBeLessThan(log.publisher.partitions);
      // Known answers: a tenant that moved would be read out of order.
      expect(['acme', 'default', 'tenant-1'].map((tenant) => log.publisher.partitionOf(tenant))).toEqual([12, 19, 19]);
    });

    it('hands over the bytes as they were published, each tenant in order, with the trace beside them', async () => {
      const commits = [...commitsOf('bytes', 1, 20), ...commitsOf('other', 1, 20)];
      const reading = await read(log.feed('bytes'));
      await log.publisher.publish(commits, ({ position }) => (position === 3 ? 'trace-3' : null));
      await reading.until(({ length }) => length >= commits.length);
      for (const tenant of ['bytes', 'other']) {
        const mine = reading.commits.filter(({ tenantId }) => tenantId === tenant);
        expect(mine.map(({ position }) => position)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
        for (const { bytes, position } of mine) expect([...bytes]).toEqual([...bytesOf(tenant, position)]);
        expect(mine[2]).toMatchObject({ traceparent: 'trace-3' });
        expect(mine[3]).toMatchObject({ traceparent: null });
      }
      await reading.stop();
    });

    it('hands a batch over again until it is done, and goes on after it in a later process', async () => {
      await log.publisher.publish(commitsOf('again', 1, 3));
      let failures = 0;
      const reading = await read(log.feed('again'), async ({ commits }) => {
        if (commits.some(({ tenantId }) => tenantId === 'again') && failures < 2) {
          failures += 1;
          throw new Error('not now');
        }
      });
      await reading.until((commits) => commits.some(({ tenantId }) => tenantId === 'again'));
      expect(failures).toBe(2);
      await reading.stop();
      await log.publisher.publish(commitsOf('again', 4, 2));
      const later = await read(log.feed('again'));
      await later.until((commits) => commits.some(({ position }) => position === 5));
      const positions = later.commits.filter(({ tenantId }) => tenantId === 'again').map(({ position }) => position);
      expect(positions).toEqual([4, 5]);
      await later.stop();
    });

    it('shares the partitions among the processes of a group, and loses nothing when one comes or goes', async () => {
      const tenants = Array.from({ length: 30 }, (_, at) => `shared-${at}`);
      const publish = (from: number) => log.publisher.publish(tenants.flatMap((tenant) => commitsOf(tenant, from, 5)));
      const first = await read(log.feed('shared'));
      await publish(1);
      const second = await read(log.feed('shared'));
      await publish(6);
      const seen = () => new Set([...first.commits, ...second.commits].map(keyOf));
      const all = (to: number) =>
        tenants.every((tenant) => commitsOf(tenant, 1, to).every((one) => seen().has(keyOf(one))));
      await first.until(() => all(10));
      await second.stop();
      await publish(11);
      await first.until(() => all(15));
      await first.stop();
    });
  });
}

interface Reading {
  commits: DeliveredCommit[];
  until(reached: (commits: readonly DeliveredCommit[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

async function read(
  feed: CommitFeed,
  before: (batch: { commits: readonly DeliveredCommit[] }) => Promise<void> = async () => undefined,
): Promise<Reading> {
  const commits: DeliveredCommit[] = [];
  await feed.start(async (batch) => {
    await before(batch);
    commits.push(...batch.commits);
  });
  return {
    commits,
    until: async (reached) => {
      for (const endMs = Date.now() + waitLimitMs; !reached(commits); await sleep(20)) {
        if (Date.now() > endMs) throw new Error(`Only ${commits.length} commits came within ${waitLimitMs} ms.`);
      }
    },
    stop: () => feed.stop(),
  };
}

const bytesOf = (tenantId: string, position: number) =>
  Buffer.concat([Buffer.from(`${tenantId} ${position} `), Buffer.of(0, 128, 255)]);
const keyOf = ({ tenantId, position }: Pick<OutboxCommit, 'tenantId' | 'position'>) => `${tenantId} ${position}`;

function commitsOf(tenantId: string, from: number, count: number): OutboxCommit[] {
  return Array.from({ length: count }, (_, at) => {
    const position = from + at;
    return { tenantId, position, bytes: bytesOf(tenantId, position) };
  });
}
