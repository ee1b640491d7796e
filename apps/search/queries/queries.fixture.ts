import { v7 as uuidv7 } from 'uuid';
import type { MemoryQueriesUnderTest } from '#libs/ports/contracts/memory-queries.contract.js';
import { contradict } from '#test/harness/beliefs.js';
import { callerOf, nowhere, said, startTestService, statement } from '#test/harness/service.js';

/** Search over a real log, with what a caller can do to it. */
export async function startQueriesUnderTest(): Promise<MemoryQueriesUnderTest> {
  const service = await startTestService(['acme', 'other']);
  const { queries, send } = service;
  return {
    queries,
    learn: async (caller, content, scope) => {
      const { body, position } = await send(caller, statement(content, { placement: { ...nowhere, scope } }));
      return { id: (body['memoryIds'] as string[])[0]!, position };
    },
    say: async (caller, content) => (await send(caller, said(content))).position,
    forget: async (caller, id) => {
      const { position } = await send(caller, { type: 'ForgetMemories', memoryIds: [id], hard: false, single: true });
      return position;
    },
    erase: async (caller, id) => {
      const { position } = await send(caller, { type: 'ForgetMemories', memoryIds: [id], hard: true, single: true });
      return position;
    },
    contradict: (caller, sides, settlement) => contradict(service, caller, sides, settlement),
    handOff: async (caller, sessionId) => {
      const between = { fromAgent: 'one', toAgent: 'two', sessionId, reason: null, context: {} };
      return (await send(caller, { type: 'RecordHandoff', ...between })).position;
    },
    maintain: async (tenantId) => {
      const runId = uuidv7();
      const settings = { similarity_threshold: 0.9 };
      const found = { changes: {}, retired: 0, guarded: [], maxRetiredShare: 0.1, boundTo: null };
      const plan = { runId, kind: 'consolidate' as const, settings, position: 1, ...found };
      const step = { type: 'ApplyMaintenance' as const, runId, step: 1, isLast: true, plan, changes: [] };
      return { runId, position: (await send(callerOf(tenantId), step)).position };
    },
    stop: () => service.stop(),
  };
}
