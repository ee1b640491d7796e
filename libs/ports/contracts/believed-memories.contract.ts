import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { believerKey, type Ownership } from '#libs/domain/scope/ownership.js';
import type { BelievedMemories } from '../believed-memories.js';
import type { ProjectedMemory, ReadModelStore } from '../read-model-store.js';
import { emptyChanges, projectedMemory, somewhere } from './read-model.fixture.js';

export interface BelievedMemoriesUnderTest {
  believed: BelievedMemories;
  store: ReadModelStore;
  stop(): Promise<void>;
}

/** Believers of every scope, whose memories differ in what does not say whose they are. */
const owners: Ownership[] = [
  somewhere,
  { ...somewhere, ownerAgentId: 'agent-1', sessionId: 's-1' },
  { ...somewhere, ownerAgentId: 'agent-1', sessionId: 's-2' },
  { ...somewhere, scope: 'team', ownerTeamId: 'team-1', ownerAgentId: 'agent-1' },
  { ...somewhere, scope: 'team', ownerTeamId: 'team-1', ownerAgentId: 'agent-2', userId: 'u-1' },
  { ...somewhere, scope: 'team', ownerTeamId: 'team-1', ownerAgentId: 'agent-3' },
  { ...somewhere, scope: 'session', sessionId: 's-1', ownerAgentId: 'agent-1' },
  { ...somewhere, scope: 'session', sessionId: 's-1', ownerAgentId: 'agent-2' },
  { ...somewhere, scope: 'project', ownerAgentId: 'agent-1', ownerTeamId: 'team-1' },
  { ...somewhere, scope: 'project', ownerAgentId: 'agent-2', userId: 'u-1' },
];

/** The promises of `BelievedMemories`, one test each. */
export function believedMemoriesContract(name: string, start: () => Promise<BelievedMemoriesUnderTest>): void {
  describe(`${name} keeps the promises of BelievedMemories`, () => {
    let subject: BelievedMemoriesUnderTest;
    beforeAll(async () => {
      subject = await start();
      const statuses = ['active', 'disputed', 'stale', 'superseded', 'archived', 'forgotten'] as const;
      const memories = Array.from({ length: 240 }, (_, index) =>
        projectedMemory(index + 1, { ownership: owners[index % 10]!, status: statuses[Math.floor(index / 10) % 6]! }),
      );
      await subject.store.apply('acme', 0, 1, { ...emptyChanges(), memories });
    });
    afterAll(() => subject.stop());

    const read = async (tenantId: string, pageSize: number): Promise<ProjectedMemory[]> => {
      const all: ProjectedMemory[] = [];
      for await (const page of subject.believed.pages(tenantId, pageSize)) {
        expect(page.length).toBeLessThanOrEqual(pageSize);
        all.push(...page);
      }
      return all;
    };

    it.each([1_000, 120, 7, 1])('tells each believed memory once, whole, in pages of %i', async (pageSize) => {
      const all = await read('acme', pageSize);
      expect(all).toHaveLength(120);
      expect(new Set(all.map(({ id }) => id)).size).toBe(120);
      expect([...new Set(all.map(({ status }) => status))].sort()).toEqual(['active', 'disputed', 'stale']);
      const { id } = all[50]!;
      expect(all[50]).toEqual((await subject.store.memories('acme', [id])).get(id));
    });

    it('tells the memories of a believer one after another', async () => {
      const keys = (await read('acme', 11)).map(({ ownership }) => believerKey(ownership));
      const changes = keys.filter((key, index) => key !== keys[index - 1]);
      expect(changes).toHaveLength(new Set(keys).size);
      expect(changes.length).toBeGreaterThan(5);
    });

    it('tells nothing of another tenant', async () => {
      expect(await read('other', 10)).toEqual([]);
    });
  });
}
