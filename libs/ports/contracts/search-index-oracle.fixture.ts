import { saturate } from '#libs/domain/ranking/bm25.js';
import type { SearchView } from '#libs/domain/ranking/statistics.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import { adjacentPairs } from '#libs/domain/ranking/tokenizer.js';
import { readTurn } from '#libs/domain/ranking/turn-reading.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { matches } from '#libs/domain/scope/filter.js';
import { tinyVector } from './tiny-embedder.fixture.js';
import type { Candidate, CandidateQuery, IndexChange, IndexedDocument } from '../search-index.js';

/** What a search index of one tenant must answer, worked out from the documents each time in the plainest way. */
export class SearchIndexOracle {
  private readonly documents = new Map<string, IndexedDocument>();

  apply(change: IndexChange): void {
    for (const id of change.remove) this.documents.delete(id);
    for (const document of change.upsert) this.documents.set(document.id, document);
  }

  get size(): number {
    return this.documents.size;
  }

  passing(filter: Filter): IndexedDocument[] {
    return [...this.documents.values()].filter((document) => matches(document, filter));
  }

  speakers(filter: Filter): string[] {
    const names = this.passing(filter).map(({ speaker }) => speaker);
    return [...new Set(names.filter((name) => name !== null))].sort();
  }

  documentFrequency(word: string): number {
    const has = (document: IndexedDocument): boolean => {
      const tokens = tokensOf(document);
      return tokens.includes(word) || adjacentPairs(tokens).includes(word);
    };
    return this.originals().filter(has).length;
  }

  /** Episodes and verbatim memories. */
  originals(): IndexedDocument[] {
    return [...this.documents.values()].filter(({ sourceEpisodeIds }) => sourceEpisodeIds.length === 0);
  }

  candidates(query: CandidateQuery): Candidate[] {
    return query.views.flatMap((view) =>
      this.passing(query.filter)
        .map(({ id }) => ({ id, view, score: this.score(this.documents.get(id)!, view, query) }))
        .filter(({ score }) => score > 0)
        .sort((left, right) => rounded(right.score) - rounded(left.score) || (left.id < right.id ? -1 : 1))
        .slice(0, query.limitPerView),
    );
  }

  /** @param direction by number of the dimension; see `TinyEmbedder` */
  nearest(direction: Float64Array, filter: Filter, limit: number): { id: string; score: number }[] {
    return this.passing(filter)
      .map(({ id, text, caption }) => {
        const { values } = tinyVector(caption ? `${text} [shares ${caption}]` : text);
        const length = Math.hypot(...values);
        const along = values.reduce((sum, value, at) => sum + value * direction[at]!, 0);
        return { id, score: length > 0 ? along / length : 0 };
      })
      .filter(({ score }) => score > 0)
      .sort((left, right) => rounded(right.score) - rounded(left.score) || (left.id < right.id ? -1 : 1))
      .slice(0, limit);
  }

  newest(filter: Filter, limit: number): string[] {
    const byAge = (left: IndexedDocument, right: IndexedDocument): number =>
      left.saidAt === right.saidAt ? (left.id < right.id ? -1 : 1) : left.saidAt > right.saidAt ? -1 : 1;
    const sorted = this.passing(filter).sort(byAge);
    return sorted.slice(0, limit).map(({ id }) => id);
  }

  /** The ids of the neighbours of a document's place, nearest first. */
  neighbours(id: string): { before: string[]; after: string[] } {
    const place = this.placeOf(this.documents.get(id)!);
    const members = this.conversationOf(place);
    const at = members.findIndex((member) => member.id === place.id);
    if (at < 0) return { before: [], after: [] };
    const ids = members.map((member) => member.id);
    return { before: ids.slice(Math.max(0, at - 2), at).reverse(), after: ids.slice(at + 1, at + 3) };
  }

  /** The ids that `contexts` must answer with. */
  related(ids: readonly string[], filter: Filter): string[] {
    const passing = new Set(this.passing(filter).map(({ id }) => id));
    const asked = ids.filter((id) => passing.has(id));
    const related = [...passing].filter(
      (id) =>
        this.documents.get(id)!.sourceEpisodeIds.some((source) => asked.includes(source)) ||
        asked.some((other) => this.documents.get(other)!.sourceEpisodeIds.includes(id)),
    );
    return [...new Set([...asked, ...related])].sort();
  }

  private placeOf(document: IndexedDocument): IndexedDocument {
    if (document.kind === 'episode' && document.conversationId !== null) return document;
    const source = document.sourceEpisodeIds.find((id) => this.documents.has(id));
    return source === undefined ? document : this.documents.get(source)!;
  }

  private conversationOf(document: IndexedDocument): IndexedDocument[] {
    if (document.kind !== 'episode' || document.conversationId === null) return [];
    return [...this.documents.values()]
      .filter(({ kind, conversationId }) => kind === 'episode' && conversationId === document.conversationId)
      .sort((left, right) => left.ordinal - right.ordinal || (left.id < right.id ? -1 : 1));
  }

  private textOf(document: IndexedDocument, view: SearchView): readonly string[] {
    if (view === 'turn') return tokensOf(document);
    const members = this.conversationOf(document);
    const at = members.findIndex(({ id }) => id === document.id);
    if (at < 0) return [];
    if (view === 'session') return members.flatMap(tokensOf);
    const [before, after] = view === 'window' ? [1, 1] : [2, 0];
    return members.slice(Math.max(0, at - before), at + after + 1).flatMap(tokensOf);
  }

  private score(document: IndexedDocument, view: SearchView, query: CandidateQuery): number {
    const tokens = this.textOf(document, view);
    return query.terms.reduce((sum, { term, weight }) => {
      const count = tokens.filter((token) => token === term).length;
      return count === 0 ? sum : sum + weight * saturate(count, tokens.length, MEAN_LENGTHS[view]);
    }, 0);
  }
}

export function tokensOf({ text, caption, saidAt }: IndexedDocument): readonly string[] {
  return readTurn(text, caption ?? null, saidAt).tokens;
}

function rounded(score: number): number {
  return Math.round(score * 1e6);
}
