import type { Statement } from '#libs/domain/belief/claim.js';
import { believedStatuses } from '#libs/domain/memory/memory.evolve.js';
import { inverseDocumentFrequency } from '#libs/domain/ranking/bm25.js';
import { tokenize } from '#libs/domain/ranking/tokenizer.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { believerKey, ofSameBeliever, type Ownership } from '#libs/domain/scope/ownership.js';
import type { MemoryReader, NearMemory } from '#libs/ports/memory-reader.js';
import { SearchIndexUnreachable } from '#libs/ports/search-index.js';
import type { ServedIndex } from '#libs/ports/served-index.js';

/** How many memories are compared at most because they speak of the same slot, and because they share words. */
export const CANDIDATES_BY_SLOT = 16;
export const CANDIDATES_BY_WORDS = 8;

/** More words than this tell nothing more about what a statement is near to. */
const WORDS_MAX = 48;

/** Believed: what is no longer believed contradicts nothing. */
export const believed: Filter = { field: 'status', anyOf: [...believedStatuses] };

export interface Neighbours {
  /** Those of the same slot first, then the nearest by words; none twice. */
  near: NearMemory[];
  /** How many of them, the first ones, are of the same slot. */
  bySlot: number;
  /** The position of the log that those of the same slot are from. */
  position: number;
  /** The search index could not be asked, so only those of the same slot are here. */
  isDegraded: boolean;
}

/** Finds the beliefs that a statement is to be compared with: of the same believer, about the same end user. */
export class BeliefNeighbours {
  constructor(
    private readonly reader: MemoryReader,
    private readonly served: ServedIndex,
  ) {}

  /** @param words what `nearestByWords` says, where it was asked before */
  async of(
    tenantId: string,
    statement: Statement,
    ownership: Ownership,
    words = this.nearestByWords(tenantId, statement, ownership),
  ): Promise<Neighbours> {
    const slots = statement.claims.map(({ subject, slot }) => ({ subject, slot }));
    const nearest = await words;
    // Nothing to look for: most of what is told claims nothing, or is the first of its kind.
    if (slots.length === 0 && nearest?.length === 0) return { near: [], bySlot: 0, position: 0, isDegraded: false };
    const wanted = { slots, ids: nearest ?? [], limit: CANDIDATES_BY_SLOT };
    const found = await this.reader.believedNear(tenantId, believerKey(ownership), wanted);
    return { ...found, isDegraded: nearest === null };
  }

  /** The ids of the nearest; null when the index is out of reach. */
  async nearestByWords(tenantId: string, { text }: Statement, ownership: Ownership): Promise<string[] | null> {
    const words = [...new Set(tokenize(text))].slice(0, WORDS_MAX);
    if (words.length === 0) return [];
    try {
      const { index } = this.served.now;
      const { documentCount, documentFrequencies } = await index.statistics(tenantId, words);
      const frequencyOf = (term: string): number => documentFrequencies.get(term) ?? 0;
      // What stands in most documents tells none of them from the others, and would have them all scored.
      const rare = words.filter((term) => frequencyOf(term) * 2 <= documentCount);
      const terms = (rare.length > 0 ? rare : words).map((term) => ({
        term,
        weight: inverseDocumentFrequency(documentCount, frequencyOf(term)),
      }));
      const filter = { and: [{ field: 'kind' as const, equals: 'memory' }, believed, ofSameBeliever(ownership)] };
      const candidates = await index.candidates({
        ...{ tenantId, terms, filter, views: ['turn'], limitPerView: CANDIDATES_BY_WORDS },
      });
      return candidates.map(({ id }) => id);
    } catch (error) {
      if (error instanceof SearchIndexUnreachable) return null;
      throw error;
    }
  }
}
