import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { type TextVectors, withVectors } from '#libs/ports/text-vectors.js';
import { embeddedText } from '#libs/ports/embedder.js';
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
  LogMark,
  NearestQuery,
  UnreadText,
} from '#libs/ports/search-index.js';
import { SearchIndex } from '#libs/ports/search-index.js';
import { InstantVectors } from './instant-vectors.js';
import type { KeptTenants } from './kept-tenants.js';
import { NoEmbedder } from './no-embedder.js';
import { Alternation } from './search-index/alternation.js';
import { nearestSlots } from './search-index/nearest-slots.js';
import { type KeptDocuments, TenantIndex } from './search-index/tenant-index.js';
import { type Pauses, type Turns, turnsOfProcess } from './search-index/turns.js';
import { ViewScores } from './search-index/view-scores.js';

/** Documents that are made into a line of a file, or of such a line into documents, without a pause. */
const KEPT_AT_ONCE = 200;
const noDocuments: KeptDocuments = { documents: [], vectors: [], terms: [], tokens: [], numbers: [] };

const noWords: WordStatistics = { documentCount: 0, documentFrequencies: new Map() };

interface Tenant {
  index: TenantIndex;
  /** Searches look at an index that stands still while they do. */
  alternation: Alternation;
  pauses: Pauses;
}

/**
 * The search index of the standalone profile: everything in memory, and what it held when the process ended
 * on the disk. Searches and changes go in slices of a few milliseconds, those of all tenants in rotation.
 */
export class InProcessSearchIndex extends SearchIndex {
  private readonly tenants = new Map<string, Tenant>();
  /** The changes of a tenant, one after another. */
  private readonly changes = new InTurn();
  /** Of each tenant the ids of the documents whose vectors are not known yet. */
  private readonly unreadIds = new Map<string, Set<string>>();

  /**
   * @param vectors of the texts that come in
   * @param kept where what is here outlives the process; null where it does not
   */
  constructor(
    private readonly vectors: TextVectors = new InstantVectors(new NoEmbedder()),
    private readonly turns: Turns = turnsOfProcess,
    private readonly kept: KeptTenants | null = null,
  ) {
    super();
  }

  override apply(tenantId: string, change: IndexChange): Promise<void> {
    return this.changes.run(tenantId, async () => {
      const upsert = await withVectors(this.vectors, tenantId, change.upsert);
      this.noteUnread(tenantId, { ...change, upsert });
      await this.applyInSlices(tenantId, { ...change, upsert });
      await this.kept?.changed(tenantId, upsert.length, change.remove.length);
    });
  }

  override clear(tenantId: string): Promise<void> {
    return this.changes.run(tenantId, async () => {
      // Searches under way go on in what they began with.
      this.tenants.delete(tenantId);
      this.unreadIds.delete(tenantId);
      await this.kept?.dropped(tenantId);
    });
  }

  override restore(tenantId: string, isOf: (mark: LogMark) => Promise<boolean>): Promise<number | null> {
    return this.changes.run(tenantId, async () => {
      const { kept } = this;
      if (!kept) return null;
      try {
        const found = await kept.snapshots.read(tenantId, isOf);
        if (!found) return null;
        const tenant = this.newTenant(tenantId);
        for await (const part of found.parts) {
          await inSlices(tenant, tenant.index.growing(part.documents.length), () => undefined);
          await inSlices(tenant, tenant.index.restore(part), () => undefined);
        }
        this.tenants.set(tenantId, tenant);
        this.unreadIds.delete(tenantId);
        this.noteAllUnread(tenantId, tenant.index);
        kept.restored(tenantId);
        return found.mark.position;
      } catch (error) {
        await kept.snapshots.discard(tenantId, error as Error);
        return null;
      }
    });
  }

  override async reached(
    tenantId: string,
    position: number,
    recordedTime: () => Promise<string | null>,
  ): Promise<void> {
    await this.kept?.reached(this, tenantId, { position, recordedTime });
  }

  /** All that is here, a little at a time; what changes meanwhile is in it as it was or as it is. */
  async *parts(tenantId: string): AsyncGenerator<KeptDocuments> {
    const tenant = this.tenants.get(tenantId);
    for (let first = 0; tenant && first < tenant.index.slotLimit; first += KEPT_AT_ONCE) {
      yield await this.search(tenantId, noDocuments, ({ index }) => index.keep(first, first + KEPT_AT_ONCE));
    }
  }

  /** Writes what should outlive the process. */
  async close(): Promise<void> {
    await this.kept?.close(this);
  }

  override async drop(): Promise<void> {
    this.tenants.clear();
    this.unreadIds.clear();
    await this.kept?.snapshots.dropAll();
  }

  override async unread(tenantId: string, limit: number, except: readonly string[] = []): Promise<UnreadText[]> {
    const index = this.tenants.get(tenantId)?.index;
    const unread: UnreadText[] = [];
    const left = new Set(except);
    for (const id of this.unreadIds.get(tenantId) ?? []) {
      if (unread.length >= limit) break;
      if (left.has(id)) continue;
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
      const tenant = this.tenants.get(tenantId);
      if (!tenant) return;
      await inSlices(tenant, vectors, ({ id, text, vector }) => {
        const document = tenant.index.documentOf(id);
        if (!document || embeddedText(document) !== text) return;
        tenant.index.learn(id, vector);
        this.unreadIds.get(tenantId)?.delete(id);
      });
    });
  }

  override async size(tenantId: string): Promise<number> {
    return this.tenants.get(tenantId)?.index.size ?? 0;
  }

  override speakers(tenantId: string, filter: Filter): Promise<string[]> {
    return this.search(tenantId, [], ({ index, pauses }) => index.speakersOf(index.wantedBy(filter), pauses));
  }

  override statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics> {
    return this.search(tenantId, noWords, ({ index, pauses }) => index.statistics(words, pauses));
  }

  override candidates({ tenantId, views, terms, filter, limitPerView }: CandidateQuery): Promise<Candidate[]> {
    return this.search(tenantId, [], async ({ index, pauses }) => {
      const found = await new ViewScores(index, terms, index.wantedBy(filter), limitPerView, pauses).best(views);
      return views.flatMap((view, at) =>
        found[at]!.map(({ slot, score }) => ({ id: index.documentAt(slot).id, view, score })),
      );
    });
  }

  override nearest({ tenantId, direction, filter, limit }: NearestQuery): Promise<Nearest[]> {
    return this.search(tenantId, [], async ({ index, pauses }) => {
      const nearest = await nearestSlots(index, direction, index.wantedBy(filter), limit, pauses);
      return nearest.map(({ slot, score }) => ({ id: index.documentAt(slot).id, score }));
    });
  }

  override contexts({ tenantId, ids, filter, terms }: ContextQuery): Promise<Contexts> {
    return this.search(tenantId, { documents: [], words: noWords }, ({ index }) =>
      index.contexts(ids, index.compile(filter), terms),
    );
  }

  override newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]> {
    return this.search(tenantId, [], ({ index, pauses }) => index.newest(index.wantedBy(filter), limit, pauses));
  }

  private async search<Result>(
    tenantId: string,
    nothing: Result,
    work: (tenant: Tenant) => Result | Promise<Result>,
  ): Promise<Result> {
    const tenant = this.tenants.get(tenantId);
    if (!tenant) return nothing;
    return tenant.alternation.run('search', async () => {
      if (tenant.pauses.isDue()) await tenant.pauses.next();
      return work(tenant);
    });
  }

  /** Of what was brought back. */
  private noteAllUnread(tenantId: string, index: TenantIndex): void {
    if (this.vectors.isInstant) return;
    const unread = new Set(index.idsWithoutVector());
    if (unread.size > 0) this.unreadIds.set(tenantId, unread);
  }

  private noteUnread(tenantId: string, { upsert, remove }: IndexChange): void {
    if (this.vectors.isInstant) return;
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
    const tenant = this.tenantOf(tenantId);
    const { index } = tenant;
    const written = new Set(change.upsert.map((document) => document.id));
    await inSlices(tenant, index.growing(change.upsert.length), () => undefined);
    await inSlices(tenant, change.upsert, (document) => index.upsert(document));
    await inSlices(tenant, change.remove, (id) => {
      if (!written.has(id)) index.remove(id);
    });
    if (index.size === 0) this.tenants.delete(tenantId);
  }

  private tenantOf(tenantId: string): Tenant {
    let tenant = this.tenants.get(tenantId);
    if (!tenant) this.tenants.set(tenantId, (tenant = this.newTenant(tenantId)));
    return tenant;
  }

  private newTenant(tenantId: string): Tenant {
    return { index: new TenantIndex(), alternation: new Alternation(), pauses: this.turns.of(tenantId) };
  }
}

/** Changes an index item by item; searches go between two slices, never between two items of one. */
async function inSlices<Item>(
  { alternation, pauses }: Tenant,
  items: Iterable<Item>,
  work: (item: Item) => void,
): Promise<void> {
  const left = items[Symbol.iterator]();
  for (let isDone = false; !isDone;) {
    await alternation.run('change', async () => {
      if (pauses.isDue()) await pauses.next();
      do {
        const { value, done } = left.next();
        if (done) isDone = true;
        else work(value as Item);
      } while (!isDone && !pauses.isDue());
    });
  }
}
