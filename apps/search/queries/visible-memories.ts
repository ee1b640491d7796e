import { Inject, Injectable } from '@nestjs/common';
import { MaintenanceWishes } from '#libs/beliefs/maintenance-wishes.js';
import { Policies } from '#libs/beliefs/policies.js';
import { ServiceError } from '#libs/contracts/errors.js';
import type { BeliefPolicies } from '#libs/domain/belief/policy.js';
import type { LineageGraph } from '#libs/domain/lineage/lineage.js';
import { believedStatuses } from '#libs/domain/memory/memory.evolve.js';
import { type Filter, matches } from '#libs/domain/scope/filter.js';
import { type Caller, sees, visibleTo } from '#libs/domain/scope/ownership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import {
  type AgentRow,
  type ContradictionQuery,
  type ContradictionRow,
  type Handoff,
  MemoryReader,
  type MemoryRow,
  type MemoryTotals,
  type MemoryVersionRow,
  type PageStart,
} from '#libs/ports/memory-reader.js';
import {
  type ChangePage,
  type ChangesQuery,
  type DifferencesQuery,
  type ExportPage,
  type MemoryDifference,
  type MemoryGraph,
  type MemoryListQuery,
  MemoryQueries,
  type Moment,
  type MomentAnswer,
  type Page,
  type ProjectionStatus,
  type RelationsAnswer,
  type RelationsQuery,
  type SearchAnswer,
  type SearchQuery,
  type RunsQuery,
  type SearchState,
  type ShownRun,
  type View,
  type ShownContradiction,
} from '#libs/ports/memory-queries.js';
import { type ExportQuery, type MemoryRows, PastMemories } from '#libs/ports/past-memories.js';
import { ProjectionProgress } from '#libs/projections/projection-progress.js';
import { Changes } from './changes.js';
import { connected } from './connections.js';
import { Differences } from './differences.js';
import { MaintenanceRuns } from './maintenance-runs.js';
import { Exports } from './exports.js';
import { findMoment } from './moments.js';
import { Lineages } from './lineages.js';
import { page } from './page.js';
import { Relations } from './relations.js';
import { rowFilterable } from './row-filterable.js';
import { Search } from './search.js';

/** How long a read waits for the projections to reach the position it asks for. */
const catchUpTimeoutMs = 5_000;

const everything: Filter = { and: [] };
/** What totals count. */
const believed: Filter = { field: 'status', anyOf: [...believedStatuses] };

/** Answers the gateway's questions: waits for the asked position, and shows what the caller may see. */
@Injectable()
export class VisibleMemories extends MemoryQueries {
  constructor(
    @Inject(MemoryReader) private readonly reader: MemoryReader,
    @Inject(LogReader) private readonly log: LogReader,
    @Inject(ProjectionProgress) private readonly progress: ProjectionProgress,
    @Inject(Search) private readonly searching: Search,
    @Inject(Relations) private readonly comparing: Relations,
    @Inject(Policies) private readonly policies: Policies,
    @Inject(PastMemories) private readonly past: PastMemories,
    @Inject(Differences) private readonly comparingDays: Differences,
    @Inject(Lineages) private readonly lineages: Lineages,
    @Inject(Changes) private readonly following: Changes,
    @Inject(MaintenanceRuns) private readonly runs: MaintenanceRuns,
    @Inject(MaintenanceWishes) private readonly wishes: MaintenanceWishes,
    @Inject(Exports) private readonly exports: Exports,
  ) {
    super();
  }

  override moment(tenantId: string, moment: Moment): Promise<MomentAnswer> {
    return findMoment(this.log, tenantId, moment, new Date().toISOString());
  }

  override async get(caller: Caller, id: string, minPosition: number, view?: View | null): Promise<MemoryRow | null> {
    const asOf = view?.asOf ?? null;
    await this.reach(caller.tenantId, Math.max(minPosition, asOf ?? 0));
    const row = await this.rowsOf(asOf).memory(caller.tenantId, id);
    const filter: Filter = { and: [visibleTo(caller), view?.filter ?? everything] };
    return row && matches(rowFilterable(row), filter) ? row : null;
  }

  override async list(caller: Caller, query: MemoryListQuery, minPosition: number): Promise<Page<MemoryRow>> {
    const { asOf = null, ...asked } = query;
    await this.reach(caller.tenantId, Math.max(minPosition, asOf ?? 0));
    const filter: Filter = { and: [visibleTo(caller), asked.filter] };
    const rows = this.rowsOf(asOf);
    return page(asked.limit, (limit) => rows.listMemories(caller.tenantId, { ...asked, filter, limit }));
  }

  override async search(caller: Caller, query: SearchQuery, minPosition: number): Promise<SearchAnswer> {
    const { asOf = null } = query;
    // The index of an earlier day is made from rows.
    await this.reach(caller.tenantId, Math.max(minPosition, asOf ?? 0), asOf === null);
    return this.searching.answer(caller, query);
  }

  override async differences(
    caller: Caller,
    query: DifferencesQuery,
    minPosition: number,
  ): Promise<Page<MemoryDifference>> {
    await this.reach(caller.tenantId, Math.max(minPosition, query.to));
    const filter: Filter = { and: [visibleTo(caller), query.filter] };
    const { rows, next } = await page(query.limit, (limit) =>
      this.comparingDays.page(caller.tenantId, { ...query, limit }, filter),
    );
    return { rows: rows.flatMap(({ difference }) => difference ?? []), next };
  }

  override async exported(caller: Caller, query: ExportQuery): Promise<ExportPage> {
    await this.reach(caller.tenantId, query.position);
    return this.exports.page(caller, query);
  }

  override async relations(caller: Caller, query: RelationsQuery, minPosition: number): Promise<RelationsAnswer> {
    await this.reach(caller.tenantId, minPosition, true);
    return this.comparing.answer(caller, query);
  }

  override async beliefPolicies(tenantId: string): Promise<BeliefPolicies> {
    return (await this.policies.current(tenantId)).policies;
  }

  override async history(
    caller: Caller,
    id: string,
    minPosition: number,
  ): Promise<{ memory: MemoryRow; versions: MemoryVersionRow[] } | null> {
    const memory = await this.get(caller, id, minPosition);
    return memory && { memory, versions: await this.reader.history(caller.tenantId, id) };
  }

  override async lineage(
    caller: Caller,
    id: string,
    { asOf }: { asOf: number | null },
    minPosition: number,
  ): Promise<LineageGraph | null> {
    await this.reach(caller.tenantId, minPosition);
    return this.lineages.of(caller, id, asOf);
  }

  override async contradictions(
    caller: Caller,
    query: ContradictionQuery,
    minPosition: number,
  ): Promise<Page<ShownContradiction>> {
    await this.reach(caller.tenantId, minPosition);
    const filter: Filter = { and: [visibleTo(caller), query.filter] };
    const { rows, next } = await page(query.limit, (limit) =>
      this.reader.listContradictions(caller.tenantId, { ...query, filter, limit }),
    );
    return { rows: await this.withContents(caller, rows), next };
  }

  override async contradiction(caller: Caller, id: string, minPosition: number): Promise<ShownContradiction | null> {
    await this.reach(caller.tenantId, minPosition);
    const row = await this.reader.contradiction(caller.tenantId, id);
    if (row === null || !sees(caller, row.ownership)) return null;
    return (await this.withContents(caller, [row]))[0]!;
  }

  override async agents(
    caller: Caller,
    query: { after: PageStart | null; limit: number },
    minPosition: number,
  ): Promise<Page<AgentRow>> {
    await this.reach(caller.tenantId, minPosition);
    const projectId = caller.project.id;
    return page(query.limit, (limit) => this.reader.listAgents(caller.tenantId, { ...query, projectId, limit }));
  }

  override async handoffs(caller: Caller, sessionId: string, limit: number, minPosition: number): Promise<Handoff[]> {
    await this.reach(caller.tenantId, minPosition);
    return this.reader.handoffs(caller.tenantId, caller.project.id, sessionId, limit);
  }

  override async memoryGraph(
    caller: Caller,
    query: { filter: Filter; limit: number },
    minPosition: number,
  ): Promise<MemoryGraph> {
    const { rows } = await this.list(caller, { ...query, order: 'desc', after: null }, minPosition);
    return connected(this.reader, caller, rows);
  }

  override async totals(tenantId: string, minPosition: number, view?: View | null): Promise<MemoryTotals> {
    const asOf = view?.asOf ?? (view?.filter ? await this.log.headPosition(tenantId) : null);
    await this.reach(tenantId, Math.max(minPosition, asOf ?? 0));
    return asOf === null ? this.reader.totals(tenantId) : this.past.totals(tenantId, asOf, view?.filter ?? believed);
  }

  override searchState(tenantId: string): Promise<SearchState> {
    return this.searching.state(tenantId);
  }

  override unreadTexts(tenantId: string, limit: number): ReturnType<MemoryQueries['unreadTexts']> {
    return this.searching.unread(tenantId, limit);
  }

  override async reached(tenantId: string, position: number): Promise<{ position: number }> {
    await this.reach(tenantId, position, true);
    return { position };
  }

  override async maintenanceRuns(tenantId: string, query: RunsQuery, minPosition: number): Promise<Page<ShownRun>> {
    await this.reach(tenantId, minPosition);
    return this.runs.page(tenantId, query);
  }

  override async maintenanceRun(tenantId: string, id: string, minPosition: number): Promise<ShownRun | null> {
    await this.reach(tenantId, minPosition);
    return this.runs.one(tenantId, id);
  }

  override async maintenanceSettings(tenantId: string): ReturnType<MemoryQueries['maintenanceSettings']> {
    const { settings, isSet } = await this.wishes.current(tenantId);
    return { settings, isSet };
  }

  override async changes(caller: Caller, query: ChangesQuery): Promise<ChangePage> {
    const commits = await this.following.read(caller.tenantId, query.after);
    // The rows tell who may see a memory, so they must be there.
    await this.reach(caller.tenantId, commits.lastPosition);
    return this.following.page(caller, query, commits);
  }

  override grown(tenantId: string, position: number, waitMs: number): Promise<number> {
    return this.following.grown(tenantId, position, waitMs);
  }

  override headPosition(tenantId: string): Promise<number> {
    return this.log.headPosition(tenantId);
  }

  override async status(): Promise<ProjectionStatus> {
    return {
      ready: this.progress.ready(),
      indexedDocuments: this.progress.indexedDocuments(),
      parkedStreams: this.progress.parkedStreams(),
    };
  }

  private rowsOf(asOf: number | null): MemoryRows {
    return asOf === null ? this.reader : this.past.asOf(asOf);
  }

  private async withContents(caller: Caller, rows: readonly ContradictionRow[]): Promise<ShownContradiction[]> {
    const ids = [...new Set(rows.flatMap(({ memoryId, otherId }) => [memoryId, otherId]))];
    const memories = await this.reader.memories(caller.tenantId, ids);
    const shown = memories.filter(({ ownership }) => sees(caller, ownership));
    const contents = new Map(shown.map(({ id, content }) => [id, content]));
    return rows.map((contradiction) => ({
      contradiction,
      content: contents.get(contradiction.memoryId) ?? null,
      otherContent: contents.get(contradiction.otherId) ?? null,
    }));
  }

  private async reach(tenantId: string, minPosition: number, searchable = false): Promise<void> {
    if (await this.progress.waitFor(tenantId, minPosition, catchUpTimeoutMs, searchable)) return;
    throw new ServiceError(
      'behind',
      `The read model has not reached position ${minPosition} yet. Ask again in a second.`,
    );
  }
}
