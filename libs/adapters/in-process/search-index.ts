import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { type Embedder, withVectors } from '#libs/ports/embedder.js';
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
  NearestQuery,
} from '#libs/ports/search-index.js';
import { SearchIndex } from '#libs/ports/search-index.js';
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

  /** @param embedder reads every text that comes in */
  constructor(private readonly embedder: Embedder = new NoEmbedder()) {
    super();
  }

  override apply(tenantId: string, change: IndexChange): Promise<void> {
    return this.changes.run(tenantId, async () => {
      const upsert = await withVectors(this.embedder, change.upsert);
      await this.applyInSlices(tenantId, { ...change, upsert });
    });
  }

  override clear(tenantId: string): Promise<void> {
    return this.changes.run(tenantId, async () => {
      this.tenants.delete(tenantId);
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
