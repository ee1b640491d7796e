import { Injectable } from '@nestjs/common';
import { ServiceError } from '#libs/contracts/errors.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { type Caller, visibleTo } from '#libs/domain/scope/ownership.js';
import { type Embedder, EmbedderUnavailable, EmbedderUnreachable } from '#libs/ports/embedder.js';
import type { SearchAnswer, SearchAnswerHit, SearchQuery, SearchState } from '#libs/ports/memory-queries.js';
import { type EpisodeRow, MemoryReader, type MemoryRow } from '#libs/ports/memory-reader.js';
import { PastIndexes, PastIndexNotReady } from '#libs/ports/past-indexes.js';
import { type MemoryRows, PastMemories } from '#libs/ports/past-memories.js';
import { type SearchIndex, SearchIndexUnreachable, type UnreadText } from '#libs/ports/search-index.js';
import { ServedIndex } from '#libs/ports/served-index.js';
import { metrics, secondsSince } from '#libs/service-kit/metrics.js';
import { inSpan } from '#libs/service-kit/tracing.js';
import { Aging } from './aging.js';
import { searchDocuments } from './ranked-search.js';

type Found = Omit<SearchAnswer, 'mode'> & Partial<Pick<SearchAnswer, 'mode'>>;

/** Answers a search: what the caller may see, ranked by the index, with the rows as the read model has them. */
@Injectable()
export class Search {
  constructor(
    private readonly served: ServedIndex,
    private readonly reader: MemoryReader,
    private readonly past: PastMemories,
    private readonly pastIndexes: PastIndexes,
    private readonly aging: Aging,
  ) {}

  async answer(caller: Caller, query: SearchQuery): Promise<SearchAnswer> {
    if (query.mode === 'vector' && this.served.now.embedder.dimensions === 0) {
      throw new ServiceError('embedder_missing', new EmbedderUnavailable().message);
    }
    const filter: Filter = { and: [visibleTo(caller), query.filter] };
    const { mode } = query;
    const startedMs = performance.now();
    const found = await inSpan('search', { 'memorystack.search.mode': mode }, () =>
      this.found(caller, query, filter),
    ).catch((error: unknown) => {
      throw refusalOf(error);
    });
    metrics.searchSeconds.observe({ mode }, secondsSince(startedMs));
    return { mode, ...found };
  }

  async state(tenantId: string): Promise<SearchState> {
    const { generation, index, embedder } = this.served.now;
    const [documents, pendingEmbeddings] = await Promise.all([index.size(tenantId), index.unreadCount(tenantId)]);
    return { index: generation, embedder: embedder.model, documents, pendingEmbeddings };
  }

  unread(tenantId: string, limit: number): Promise<UnreadText[]> {
    return this.served.now.index.unread(tenantId, limit);
  }

  private async found({ tenantId }: Caller, query: SearchQuery, filter: Filter): Promise<Found> {
    const { asOf = null } = query;
    const { index: present, embedder } = this.served.now;
    const rows = asOf === null ? this.reader : this.past.asOf(asOf);
    if (query.text.trim() === '') return { hits: await newest(tenantId, query, filter, rows) };
    if (asOf === null) {
      const found = await ranked(tenantId, query, filter, { index: present, rows, embedder });
      return { ...found, hits: await this.aging.aged(tenantId, found.hits, new Date().toISOString()) };
    }
    return this.pastIndexes.use(tenantId, asOf, (index) => ranked(tenantId, query, filter, { index, rows, embedder }));
  }
}

/** No question: the newest memories of the scope, and raw messages only when they were asked for. */
async function newest(
  tenantId: string,
  query: SearchQuery,
  filter: Filter,
  reader: MemoryRows,
): Promise<SearchAnswerHit[]> {
  const list = { filter, order: 'desc' as const, after: null, limit: query.limit };
  const memories = await reader.listMemories(tenantId, list);
  const episodes = query.includeEpisodes ? await reader.listEpisodes(tenantId, list) : [];
  const hits = [...memories.map((row) => memoryHit(row, 0)), ...episodes.map((row) => episodeHit(row, 0))];
  const position = ({ memory, episode }: SearchAnswerHit): number => (memory ?? episode)!.createdPosition;
  return hits.sort((left, right) => position(right) - position(left)).slice(0, query.limit);
}

async function ranked(
  tenantId: string,
  query: SearchQuery,
  filter: Filter,
  { index, rows, embedder }: { index: SearchIndex; rows: MemoryRows; embedder: Embedder },
): Promise<Found> {
  const { hits, question, isDegraded } = await searchDocuments(index, embedder, {
    ...{ tenantId, filter, limit: query.limit, explain: query.explain, mode: query.mode },
    query: query.text,
    includeEpisodes: query.includeEpisodes ?? true,
    // An answer of an earlier day discounts what was superseded by then, as it did then.
    keepSuperseded: query.keepSuperseded ?? false,
  });
  const idsOf = (kind: 'memory' | 'episode') =>
    hits.filter(({ document }) => document.kind === kind).map(({ document }) => document.id);
  const [memories, episodes] = await Promise.all([
    rows.memories(tenantId, idsOf('memory')),
    rows.episodes(tenantId, idsOf('episode')),
  ]);
  const memoryById = new Map(memories.map((row) => [row.id, row]));
  const episodeById = new Map(episodes.map((row) => [row.id, row]));
  const shown = hits.flatMap(({ document, score, explanation }) => {
    const memory = memoryById.get(document.id);
    if (memory) return [{ ...memoryHit(memory, score), explanation }];
    const episode = episodeById.get(document.id);
    // A row that is gone since the index was asked is no answer any more.
    return episode ? [{ ...episodeHit(episode, score), explanation }] : [];
  });
  return { hits: shown, question, ...(isDegraded && { mode: 'text' as const }) };
}

/** What is out of reach for a moment is told so that the caller comes again. */
function refusalOf(error: unknown): unknown {
  if (error instanceof SearchIndexUnreachable) {
    const facts = { retry_after_seconds: error.retryAfterSeconds };
    return new ServiceError('overloaded', 'The search index cannot be reached now; nothing is lost.', facts);
  }
  if (!(error instanceof PastIndexNotReady || error instanceof EmbedderUnreachable)) return error;
  return new ServiceError('overloaded', error.message, { retry_after_seconds: error.retryAfterSeconds });
}

function memoryHit(memory: MemoryRow, score: number): SearchAnswerHit {
  return { memory, episode: null, score, sources: memory.sources };
}

function episodeHit(episode: EpisodeRow, score: number): SearchAnswerHit {
  const { id: messageId, externalId, content } = episode;
  return {
    memory: null,
    episode,
    score,
    sources: [{ messageId, externalId, start: 0, end: content.length }],
  };
}
