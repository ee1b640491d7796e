import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { type TextVectors, withVectors } from '#libs/ports/text-vectors.js';
import { embeddedText } from '#libs/ports/embedder.js';
import { inSlices } from '#libs/ports/in-slices.js';
import { InTurn } from '#libs/ports/in-turn.js';
import type {
  Candidate,
  CandidateQuery,
  ContextQuery,
  Contexts,
  IndexChange,
  IndexedDocument,
  Nearest,
  LearnedVector,
  NearestQuery,
  UnreadText,
} from '#libs/ports/search-index.js';
import { SearchIndex } from '#libs/ports/search-index.js';
import { InstantVectors } from './instant-vectors.js';
import { NoEmbedder } from './no-embedder.js';
import { TenantIndex } from './search-index/tenant-index.js';
import { ViewScores } from './search-index/view-scores.js';

/** After this much work a change lets the searches and requests that wait have their turn. */
const SLICE_MS = 5;

const noWords: WordStatistics = { documentCount: 0, documentFrequencies: new Map() };

/** The search index of the standalone profile: everything in memory, written again from the read model at start. */
export class InProcessSearchIndex extends SearchIndex {
  private readonly tenants = new Map<string, TenantIndex>();
  private readonly viewScores = new ViewScores();
  /** The changes of a tenant, one after another. */
  private readonly changes = new InTurn();
  /** Of each tenant the ids of the documents whose vectors are not known yet. */
  private readonly unreadIds = new Map<string, Set<string>>();

  /** @param vectors of the texts that come in */
  constructor(private readonly vectors: TextVectors = new InstantVectors(new NoEmbedder())) {
    super();
  }

  override apply(tenantId: string, change: IndexChange): Promise<void> {
    return this.changes.run(tenantId, async () => {
      const upsert = await withVectors(this.vectors, tenantId, change.upsert);
      this.noteUnread(tenantId, { ...change, upsert });
      await this.applyInSlices(tenantId, { ...change, upsert });
    });
  }

  override clear(tenantId: string): Promise<void> {
    return this.changes.run(tenantId, async () => {
      this.tenants.delete(tenantId);
      this.unreadIds.delete(tenantId);
    });
  }

  override async drop(): Promise<void> {
    this.tenants.clear();
    this.unreadIds.clear();
  }

  override async unread(tenantId: string, limit: number): Promise<UnreadText[]> {
    const index = this.tenants.get(tenantId);
    const unread: UnreadText[] = [];
    for (const id of this.unreadIds.get(tenantId) ?? []) {
      if (unread.length >= limit) break;
      const document = index?.documentOf(id);
      if (document) unread.push({ id, text: embeddedText(document) });
    }
    return unread;
  }

  override async unreadCount(tenantId: string): Promise<number> {
    return this.unreadIds.get(tenantId)?.size ?? 0;
  }

  override learn(tenantId: string, vectors: readonly LearnedVector[]): Promise<void> {
    return this.changes.run(tenantId, async () => {
      const index = this.tenants.get(tenantId);
      for (const { id, text, vector } of vectors) {
        const document = index?.documentOf(id);
        if (!document || embeddedText(document) !== text) continue;
        index!.learn(id, vector);
        this.unreadIds.get(tenantId)?.delete(id);
      }
    });
  }

  override async size(tenantId: string): Promise<number> {
    return this.tenants.get(tenantId)?.size ?? 0;
  }

  override async speakers(tenantId: string, filter: Filter): Promise<string[]> {
    const index = this.tenants.get(tenantId);
    return index ? index.speakersOf(index.compile(filter)) : [];
  }

  override async statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics> {
    return this.tenants.get(tenantId)?.statistics(words) ?? noWords;
  }

  override async candidates(query: CandidateQuery): Promise<Candidate[]> {
    const index = this.tenants.get(query.tenantId);
    if (!index) return [];
    const wanted = index.wantedBy(query.filter);
    return query.views.flatMap((view) =>
      this.viewScores
        .best(index, view, query.terms, wanted, query.limitPerView)
        .map(({ slot, score }) => ({ id: index.documentAt(slot).id, view, score })),
    );
  }

  override async nearest({ tenantId, direction, filter, limit }: NearestQuery): Promise<Nearest[]> {
    const index = this.tenants.get(tenantId);
    if (!index) return [];
    const nearest = index.nearest(direction, index.wantedBy(filter), limit);
    return nearest.map(({ slot, score }) => ({ id: index.documentAt(slot).id, score }));
  }

  override async contexts(query: ContextQuery): Promise<Contexts> {
    const index = this.tenants.get(query.tenantId);
    if (!index) return { documents: [], words: noWords };
    return index.contexts(query.ids, index.compile(query.filter), query.terms);
  }

  override async newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]> {
    const index = this.tenants.get(tenantId);
    return index ? index.newest(index.compile(filter), limit) : [];
  }

  private noteUnread(tenantId: string, { upsert, remove }: IndexChange): void {
    if (this.vectors.dimensions === 0) return;
    const unread = this.unreadIds.get(tenantId) ?? new Set<string>();
    for (const id of remove) unread.delete(id);
    for (const { id, vector } of upsert) {
      if (vector) unread.delete(id);
      else unread.add(id);
    }
    if (unread.size > 0) this.unreadIds.set(tenantId, unread);
    else this.unreadIds.delete(tenantId);
  }

  private async applyInSlices(tenantId: string, change: IndexChange): Promise<void> {
    let index = this.tenants.get(tenantId);
    if (!index) this.tenants.set(tenantId, (index = new TenantIndex()));
    const written = new Set(change.upsert.map((document) => document.id));
    const { upsert, remove } = change;
    const [writing, removed] = [index, remove.filter((id) => !written.has(id))];
    await inSlices(upsert, (document) => writing.upsert(document), SLICE_MS);
    await inSlices(removed, (id) => writing.remove(id), SLICE_MS);
    if (index.size === 0) this.tenants.delete(tenantId);
  }
}
