import { happeningOf, memoryIn } from './history.js';
import type { ChainLink, LineageSources, MemorySource } from './lineage.js';
import { isErased, type KnownContradictions, replacementsInForce } from './reasons.js';

/**
 * The beliefs that replaced one another on the way to a memory and from it on, each before the one that took its place;
 * the memory alone where nothing did. Replacements that were taken back are not in it.
 */
export function chainOf({ memoryId, memories }: LineageSources, contradictions: KnownContradictions): ChainLink[] {
  const byId = new Map(memories.map((source) => [source.memoryId, source]));
  const inForce = replacementsInForce(memories.map(({ history }) => history));
  const supersededBy = new Map([...inForce].map(([id, replacement]) => [id, replacement.supersededBy]));
  const learnedAt = (id: string): number => byId.get(id)?.history.steps[0]?.told.position ?? 0;
  return ordered(membersOf(memoryId, supersededBy), supersededBy, learnedAt).map((id): ChainLink => {
    const source = byId.get(id);
    const replacement = inForce.get(id) ?? null;
    const first = source?.history.steps[0];
    const shown = {
      memoryId: id,
      learned: first ? happeningOf(first.told) : null,
      supersededBy: replacement?.supersededBy ?? null,
      replaced: replacement && happeningOf(replacement.told),
      because: replacement && contradictions.because(replacement),
    };
    return { ...shown, ...beliefOf(source) };
  });
}

/** What may be told of a belief. */
export function beliefOf(
  source: MemorySource | undefined,
): Pick<ChainLink, 'visibility' | 'content' | 'confidence' | 'status' | 'validFrom' | 'validTo'> {
  const memory = source ? memoryIn(source.history.state) : null;
  const nothing = { content: null, confidence: null, status: null, validFrom: null, validTo: null };
  if (!source?.isVisible && memory !== null) return { visibility: 'hidden', ...nothing };
  if (source === undefined || memory === null) {
    return { visibility: source && isErased(source.history) ? 'erased' : 'hidden', ...nothing };
  }
  const { confidence, status, validFrom, validTo } = memory;
  // Its words went from every answer when it was forgotten.
  const content = status === 'forgotten' ? null : memory.content;
  return { visibility: 'visible', content, confidence, status, validFrom, validTo };
}

/** The memory, what gave way to it directly or by others, and what took its place. */
function membersOf(memoryId: string, supersededBy: ReadonlyMap<string, string>): Set<string> {
  const members = new Set([memoryId]);
  // A set tells what is added to it while it is walked through.
  for (const id of members) {
    for (const [older, newer] of supersededBy) if (newer === id) members.add(older);
  }
  for (let id = supersededBy.get(memoryId); id !== undefined && !members.has(id); id = supersededBy.get(id)) {
    members.add(id);
  }
  return members;
}

/** By how many replacements follow, the most first; those with equally many as they were learned. */
function ordered(
  members: ReadonlySet<string>,
  supersededBy: ReadonlyMap<string, string>,
  learnedAt: (id: string) => number,
): string[] {
  const followers = (id: string): number => {
    const seen = new Set([id]);
    for (let next = supersededBy.get(id); next !== undefined && !seen.has(next); next = supersededBy.get(next)) {
      seen.add(next);
    }
    return seen.size;
  };
  const ranked = [...members].map((id) => ({ id, followers: followers(id), position: learnedAt(id) }));
  ranked.sort((one, other) => other.followers - one.followers || one.position - other.position);
  return ranked.map(({ id }) => id);
}
