import { type Caller, sees } from '#libs/domain/scope/ownership.js';
import type { MemoryGraph } from '#libs/ports/memory-queries.js';
import type { MemoryReader, MemoryRow } from '#libs/ports/memory-reader.js';

/** More agents than a picture can name; the others keep their ids. */
const agentsNamed = 500;
/** Contradictions of one memory, on average, that a picture shows. */
const contradictionsEach = 4;

/** What connects memories that the caller may see, as far as it may see that too. */
export async function connected(
  reader: MemoryReader,
  caller: Caller,
  memories: readonly MemoryRow[],
): Promise<MemoryGraph> {
  const { tenantId } = caller;
  const ids = memories.map(({ id }) => id);
  const messageIds = [...new Set(memories.flatMap(({ sources }) => sources.map(({ messageId }) => messageId)))];
  const agentQuery = { projectId: caller.project.id, after: null, limit: agentsNamed };
  const [subjects, contradictions, episodes, agents] = await Promise.all([
    reader.subjectsOf(tenantId, ids),
    ids.length === 0 ? [] : reader.contradictionsOf(tenantId, ids, ids.length * contradictionsEach),
    reader.episodes(tenantId, messageIds),
    reader.listAgents(tenantId, agentQuery),
  ]);
  const shown = new Set(ids);
  const messages = new Map(episodes.filter(({ ownership }) => sees(caller, ownership)).map((row) => [row.id, row]));
  return {
    memories: [...memories],
    subjects,
    contradictions: contradictions.filter(
      ({ memoryId, otherId, ownership }) => shown.has(memoryId) && shown.has(otherId) && sees(caller, ownership),
    ),
    conversations: memories.flatMap(({ id: memoryId, sources }) => {
      const message = messages.get(sources[0]?.messageId ?? '');
      return message ? [{ memoryId, conversationId: message.conversationId, saidAt: message.saidAt }] : [];
    }),
    agentNames: agents.map(({ id, name }) => [id, name]),
  };
}
