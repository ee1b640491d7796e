import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { Filter } from '#libs/domain/scope/filter.js';
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

let made = 0;

/** An index that shares its servers with others and no tenant: the tests of a suite call theirs by the same names. */
export class WithOwnTenants extends SearchIndex {
  private readonly number = (made += 1);

  constructor(private readonly index: SearchIndex) {
    super();
  }

  override apply(tenantId: string, change: IndexChange): Promise<void> {
    return this.index.apply(this.own(tenantId), change);
  }

  override clear(tenantId: string): Promise<void> {
    return this.index.clear(this.own(tenantId));
  }

  override drop(): Promise<void> {
    return this.index.drop();
  }

  override unread(tenantId: string, limit: number, except?: readonly string[]): Promise<UnreadText[]> {
    return this.index.unread(this.own(tenantId), limit, except);
  }

  override unreadCount(tenantId: string): Promise<number> {
    return this.index.unreadCount(this.own(tenantId));
  }

  override learn(tenantId: string, vectors: readonly LearnedVector[]): Promise<void> {
    return this.index.learn(this.own(tenantId), vectors);
  }

  override size(tenantId: string): Promise<number> {
    return this.index.size(this.own(tenantId));
  }

  override speakers(tenantId: string, filter: Filter): Promise<string[]> {
    return this.index.speakers(this.own(tenantId), filter);
  }

  override statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics> {
    return this.index.statistics(this.own(tenantId), words);
  }

  override candidates(query: CandidateQuery): Promise<Candidate[]> {
    return this.index.candidates({ ...query, tenantId: this.own(query.tenantId) });
  }

  override contexts(query: ContextQuery): Promise<Contexts> {
    return this.index.contexts({ ...query, tenantId: this.own(query.tenantId) });
  }

  override nearest(query: NearestQuery): Promise<Nearest[]> {
    return this.index.nearest({ ...query, tenantId: this.own(query.tenantId) });
  }

  override newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]> {
    return this.index.newest(this.own(tenantId), filter, limit);
  }

  private own(tenantId: string): string {
    return `${tenantId}-${this.number}`;
  }
}
