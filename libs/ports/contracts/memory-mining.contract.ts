import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MaintainedMemory } from '#libs/domain/maintenance/maintained-memory.js';
import type { MemoryMining } from '../memory-mining.js';
import { projectedMemory } from './read-model.fixture.js';

export interface MemoryMiningUnderTest {
  mining: MemoryMining;
  stop(): Promise<void>;
}

const memoryOf = (number: number, content: string): MaintainedMemory => ({
  ...projectedMemory(number, { content }),
  lastReadDay: null,
  derived: false,
});
const told = ['The deploy pipeline uses GitHub Actions.', 'Deploy pipeline uses GitHub Actions', 'It rains in Porto.'];
const memories = told.map((content, at) => memoryOf(at + 1, content));

/** The promises of `MemoryMining`, one test each. */
export function memoryMiningContract(name: string, start: () => Promise<MemoryMiningUnderTest>): void {
  describe(`${name} keeps the promises of MemoryMining`, () => {
    let subject: MemoryMiningUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('finds the same for the same task', async () => {
      const task = { find: 'merges', memories, similarityThreshold: 0.9 } as const;
      const [first, second] = await Promise.all([subject.mining.mine(task), subject.mining.mine(task)]);
      expect(first).toHaveLength(1);
      expect([first[0]!.canonicalId, ...first[0]!.sourceIds].sort()).toEqual([memories[0]!.id, memories[1]!.id]);
      expect(second).toEqual(first);
      const nothing = {
        archiveAfterDays: 1,
        slotHalfLives: {},
        importantTypes: new Set<string>(),
        citedIds: new Set<string>(),
      };
      const expiries = await subject.mining.mine({
        find: 'expiries',
        memories,
        now: '2027-01-01T00:00:00.000Z',
        ...nothing,
      });
      expect(expiries.map(({ memoryId }) => memoryId)).toEqual(memories.map(({ id }) => id));
      expect(await subject.mining.mine({ find: 'summaries', conversations: [] })).toEqual([]);
    });

    it('leaves the process that asks free for others meanwhile', async () => {
      const many = Array.from({ length: 600 }, (_, at) =>
        memoryOf(at + 1, `Note ${at} is about the number ${at * 7}.`),
      );
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 1);
      await subject.mining.mine({ find: 'merges', memories: many, similarityThreshold: 0.9 });
      clearInterval(timer);
      expect(turns).toBeGreaterThan(3);
    });
  });
}
