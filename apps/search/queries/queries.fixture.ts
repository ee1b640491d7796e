import type { MemoryQueriesUnderTest } from '#libs/ports/contracts/memory-queries.contract.js';
import { contradict } from '#test/harness/beliefs.js';
import { nowhere, said, startTestService, statement } from '#test/harness/service.js';

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
    stop: () => service.stop(),
  };
}
