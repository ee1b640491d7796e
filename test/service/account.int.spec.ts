import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ConversationIngested } from '#libs/contracts/events.js';
import { absentMemory, evolveMemory, isBelieved, type MemoryState } from '#libs/domain/memory/memory.evolve.js';
import type { MemoryEvent } from '#libs/domain/memory/memory.events.js';
import type { MemoryTotals } from '#libs/ports/memory-reader.js';
import { callerOf, said, startTestService, statement, type TestService } from '#test/harness/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const learn = async (tenantId: string, content: string): Promise<string> => {
  const { body } = await service.send(callerOf(tenantId), statement(content));
  return (body['memoryIds'] as string[])[0]!;
};
const forget = (tenantId: string, memoryId: string, hard: boolean) =>
  service.send(callerOf(tenantId), { type: 'ForgetMemories', memoryIds: [memoryId], hard, single: true });

/** The totals as the log alone tells them, folded by the core and by nothing of the projections. */
async function totalsOfLog(tenantId: string): Promise<MemoryTotals> {
  const states = new Map<string, MemoryState>();
  const totals = { memories: 0, episodes: 0, contentBytes: 0 };
  for (const followed of await service.log.commitsAfter(tenantId, 0, 10_000)) {
    if (followed.kind !== 'commit') throw new Error(followed.commit.error);
    for (const { headers, event } of followed.commit.events) {
      if (headers.subject.startsWith('memory-')) {
        states.set(headers.subject, evolveMemory(states.get(headers.subject) ?? absentMemory, event as MemoryEvent));
      }
      if (event.type !== 'ConversationIngested' || event.data === null) continue;
      for (const { content } of (event as ConversationIngested).data.messages) {
        totals.episodes += 1;
        totals.contentBytes += Buffer.byteLength(content);
      }
    }
  }
  for (const state of states.values()) {
    if (state.kind !== 'known' || !isBelieved(state.memory)) continue;
    totals.memories += 1;
    totals.contentBytes += Buffer.byteLength(state.memory.content);
  }
  return totals;
}

it('the totals are those of the log: learned, revised, superseded, restored, forgotten and erased', async () => {
  const tenantId = 'acme';
  const caller = callerOf(tenantId);
  const counted: number[] = [];
  const check = async (): Promise<void> => {
    const totals = await service.queries.totals(tenantId, await service.log.headPosition(tenantId));
    expect(totals).toEqual(await totalsOfLog(tenantId));
    counted.push(totals.memories);
  };
  const kept = await learn(tenantId, 'The zebra is called Zora, and the camel “Kästner” 🐫');
  const gone = await learn(tenantId, 'The gate opens at nine');
  const erased = await learn(tenantId, 'The code of the door is 4711');
  await service.send(caller, said('I live in Berlin.', 'Nice to meet you!'));
  await check();
  await service.send(caller, said('I moved to Madrid, I live there now.'));
  await check();
  const revised = { type: 'ReviseMemory', memoryId: kept, expectedVersion: null, content: 'Zora is a zebra' } as const;
  await service.send(caller, revised);
  await check();
  await service.send(caller, { type: 'UndoChange', memoryId: kept, direction: 'undo', cascade: false });
  await check();
  await forget(tenantId, gone, false);
  await check();
  await forget(tenantId, erased, true);
  await check();
  expect(counted[0]).toBeGreaterThanOrEqual(4);
  // Madrid took the place of Berlin, so there are as many.
  expect(counted).toEqual([0, 0, 0, 0, -1, -2].map((change) => counted[0]! + change));
});
