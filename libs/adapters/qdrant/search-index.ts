import { QdrantClient } from '@qdrant/js-client-rest';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { InTurn } from '#libs/ports/in-turn.js';
import type { IndexedDocuments, Rewriting } from '#libs/ports/indexed-documents.js';
import {
  type Candidate,
  type CandidateQuery,
  type ContextQuery,
  type Contexts,
  type IndexChange,
  type IndexedDocument,
  type Nearest,
  type LearnedVector,
  type NearestQuery,
  SearchIndex,
  type UnreadText,
} from '#libs/ports/search-index.js';
import { type TextVectors, withVectors } from '#libs/ports/text-vectors.js';
import { CandidateSearch } from './candidate-search.js';
import { collectionName, ensureCollection, MEANING } from './collection.js';
import { readContexts } from './contexts.js';
import { nearestDocuments } from './nearest-search.js';
import { isExact, qdrantFilter, wholeTenant } from './filter.js';
import { conversationPoint, conversationPointId, documentPoint, documentPointId, type Point } from './points.js';
import { reaching } from './reaching.js';

/** A request that takes longer is given up. */
const requestTimeoutMs = 5_000;
/** Points that are written by one request have about so many words together: a few megabytes of JSON. */
const wordsPerRequest = 60_000;
const firstSpeakers = 1_000;

export interface QdrantServer {
  url: string;
  apiKey: string | null;
  /** Put before the name of the collection. */
  namespace: string;
}

/**
 * The search index of the distributed profile: Qdrant finds the candidates, and everything else is read from the rows of
 * `IndexedDocuments`. The points of a change are written while its rows are: no crash leaves points that the same change
 * would not write again.
 */
export class QdrantSearchIndex extends SearchIndex {
  /** The changes of a tenant, one after another. */
  private readonly changes = new InTurn();
  private readonly client: QdrantClient;
  private readonly collection: string;
  private prepared: Promise<void> | null = null;

  /**
   * Asks nothing yet: the collection is prepared by the first who needs it.
   * @param generation has a collection of its own
   */
  constructor(
    { url, apiKey, namespace }: QdrantServer,
    generation: number,
    private readonly documents: IndexedDocuments,
    private readonly vectors: TextVectors,
  ) {
    super();
    const key = apiKey === null ? {} : { apiKey };
    this.client = new QdrantClient({ url, ...key, timeout: requestTimeoutMs, checkCompatibility: false });
    this.collection = collectionName(namespace, generation);
  }

  /**
   * Creates the collection and the tables where they are missing, and checks the collection, once.
   * @throws SearchIndexUnreachable then it is tried again at the next call
   * @throws Error when there is one of this name that was made for something else
   */
  async prepare(): Promise<void> {
    this.prepared ??= this.made();
    const { prepared } = this;
    return prepared.catch((error: unknown) => {
      if (this.prepared === prepared) this.prepared = null;
      throw error;
    });
  }

  override apply(tenantId: string, change: IndexChange): Promise<void> {
    return this.changes.run(tenantId, async () => {
      await this.prepare();
      const upsert = await withVectors(this.vectors, tenantId, change.upsert);
      await this.documents.replace(tenantId, { ...change, upsert }, (rewriting) => this.write(tenantId, rewriting));
    });
  }

  override clear(tenantId: string): Promise<void> {
    const deletePoints = async (): Promise<void> => {
      await reaching(() => this.client.delete(this.collection, { wait: true, filter: wholeTenant(tenantId) }));
    };
    return this.changes.run(tenantId, async () => {
      await this.prepare();
      await this.documents.clear(tenantId, deletePoints);
    });
  }

  override async drop(): Promise<void> {
    await reaching(() => this.client.deleteCollection(this.collection));
    await this.documents.drop();
  }

  override async unread(tenantId: string, limit: number, except: readonly string[] = []): Promise<UnreadText[]> {
    return this.vectors.isInstant ? [] : this.documents.unread(tenantId, limit, except);
  }

  override async unreadCount(tenantId: string): Promise<number> {
    return this.vectors.isInstant ? 0 : this.documents.unreadCount(tenantId);
  }

  override learn(tenantId: string, vectors: readonly LearnedVector[]): Promise<void> {
    return this.changes.run(tenantId, async () => {
      await this.prepare();
      await this.documents.learn(tenantId, vectors, (learned) => this.writeVectors(tenantId, learned));
    });
  }

  override size(tenantId: string): Promise<number> {
    return this.documents.size(tenantId);
  }

  override async speakers(tenantId: string, filter: Filter): Promise<string[]> {
    if (!isExact(filter)) return this.documents.speakers(tenantId, filter);
    const wanted = qdrantFilter({ tenantId, filter, of: 'documents' });
    if (wanted === null) return [];
    await this.prepare();
    for (let limit = firstSpeakers; ; limit *= 10) {
      const request = { key: 'speaker', filter: wanted, limit, exact: true };
      const { hits } = await reaching(() => this.client.facet(this.collection, request));
      if (hits.length < limit) return hits.map(({ value }) => value as string).sort();
    }
  }

  override statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics> {
    return this.documents.statistics(tenantId, words);
  }

  override async candidates(query: CandidateQuery): Promise<Candidate[]> {
    await this.prepare();
    return new CandidateSearch(this.client, this.collection, this.documents, query).run();
  }

  override async nearest(query: NearestQuery): Promise<Nearest[]> {
    if (query.direction.length !== this.vectors.dimensions) return [];
    await this.prepare();
    return nearestDocuments(this.client, this.collection, this.documents, query);
  }

  override contexts(query: ContextQuery): Promise<Contexts> {
    return readContexts(this.documents, query);
  }

  override newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]> {
    return this.documents.newest(tenantId, filter, limit);
  }

  private async made(): Promise<void> {
    await ensureCollection(this.client, this.collection, this.vectors.dimensions);
    await this.documents.prepare();
  }

  private async writeVectors(tenantId: string, learned: readonly LearnedVector[]): Promise<void> {
    const points = learned.flatMap(({ id, vector }) => {
      const direction = unitVector(vector, this.vectors.dimensions);
      return direction ? [{ id: documentPointId(tenantId, id), vector: { [MEANING]: [...direction] } }] : [];
    });
    if (points.length > 0) await reaching(() => this.client.updateVectors(this.collection, { wait: true, points }));
  }

  private async write(tenantId: string, { documents, removed, conversations, ended }: Rewriting): Promise<void> {
    const gone = [
      ...removed.map((id) => documentPointId(tenantId, id)),
      ...ended.map((id) => conversationPointId(tenantId, id)),
    ];
    if (gone.length > 0) await reaching(() => this.client.delete(this.collection, { wait: true, points: gone }));
    let points: Point[] = [];
    let words = 0;
    const flush = async (): Promise<void> => {
      const some = points;
      [points, words] = [[], 0];
      if (some.length > 0) await reaching(() => this.client.upsert(this.collection, { wait: true, points: some }));
    };
    const add = async (point: Point): Promise<void> => {
      points.push(point);
      words += wordsIn(point);
      if (words >= wordsPerRequest) await flush();
    };
    for (const document of documents) await add(documentPoint(tenantId, document, this.vectors.dimensions));
    for (const conversation of conversations) await add(conversationPoint(tenantId, conversation));
    await flush();
  }
}

/** About how many numbers; points without any weigh something too. */
function wordsIn({ vector }: Point): number {
  const vectors = Object.values(vector as Record<string, number[] | { indices: number[] }>);
  return vectors.reduce((sum, each) => sum + (Array.isArray(each) ? each : each.indices).length, 10);
}
