import { standardPolicies } from '#libs/domain/belief/policy.js';
import { standardSettings } from '#libs/domain/maintenance/settings.js';
import type { LineageGraph } from '#libs/domain/lineage/lineage.js';
import type { QuestionReading } from '#libs/domain/ranking/explanation.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import {
  type DifferencesQuery,
  type ExportedMemory,
  type MemoryDifference,
  type MemoryGraph,
  MemoryQueries,
  type Moment,
  type MomentAnswer,
  type Page,
  type RelationsAnswer,
  type RunsQuery,
  type SearchAnswerHit,
  type ShownRun,
  type View,
  type ShownContradiction,
} from '#libs/ports/memory-queries.js';
import type { AgentRow, Handoff, MemoryRow, MemoryVersionRow } from '#libs/ports/memory-reader.js';
import type { ExportQuery } from '#libs/ports/past-memories.js';
import { memoryRow } from './rows.fixture.js';

/** Answers what a test put in, and remembers what it was asked. */
interface Asked {
  what: string;
  caller?: Caller;
  query?: unknown;
  minPosition?: number;
  view?: View | null;
}

export class FakeQueries extends MemoryQueries {
  readonly asked: Asked[] = [];
  memory: MemoryRow | null = memoryRow();
  page: Page<MemoryRow> = { rows: [memoryRow()], next: null };
  hits: SearchAnswerHit[] = [];
  question: QuestionReading | undefined = undefined;
  versions: MemoryVersionRow[] = [];
  graph: LineageGraph | null = null;
  run: ShownRun | null = null;
  contradictionPage: Page<ShownContradiction> = { rows: [], next: null };
  agentPage: Page<AgentRow> = { rows: [], next: null };
  foundHandoffs: Handoff[] = [];
  momentAnswer: MomentAnswer = { kind: 'found', position: 42 };
  foundDifferences: MemoryDifference[] = [];
  /** Pages of an export. */
  exportPages: ExportedMemory[][] = [];
  compared: RelationsAnswer = { relations: [], isDegraded: false };
  connected: MemoryGraph = { memories: [], subjects: [], contradictions: [], conversations: [], agentNames: [] };
  head = 100;
  stored = { memories: 5, episodes: 9, contentBytes: 1234 };
  isReady = true;
  failure: Error | null = null;

  get last(): Asked {
    return this.asked.at(-1)!;
  }

  private note(asked: Asked): void {
    this.asked.push(asked);
    if (this.failure) throw this.failure;
  }

  override async moment(_tenantId: string, moment: Moment): Promise<MomentAnswer> {
    this.note({ what: 'moment', query: moment });
    return this.momentAnswer;
  }

  override async differences(caller: Caller, query: DifferencesQuery, minPosition: number) {
    this.note({ what: 'differences', caller, query, minPosition });
    return { rows: this.foundDifferences, next: null };
  }

  override async exported(caller: Caller, query: ExportQuery) {
    this.note({ what: 'exported', caller, query });
    const at = query.after === null ? 0 : Number(query.after.id) + 1;
    const next = at + 1 < this.exportPages.length ? { createdAt: '', id: String(at) } : null;
    return { memories: this.exportPages[at] ?? [], next };
  }

  override async get(caller: Caller, id: string, minPosition: number, view?: View | null) {
    this.note({ what: 'get', caller, query: id, minPosition, view });
    return this.memory;
  }

  override async relations(caller: Caller, query: unknown, minPosition: number) {
    this.note({ what: 'relations', caller, query, minPosition });
    return this.compared;
  }

  override async reached(_tenantId: string, position: number) {
    return { position };
  }

  override async maintenanceRuns(_tenantId: string, query: RunsQuery, minPosition: number) {
    this.note({ what: 'maintenanceRuns', query, minPosition });
    return { rows: this.run ? [this.run] : [], next: null };
  }

  override async maintenanceRun(_tenantId: string, id: string, minPosition: number) {
    this.note({ what: 'maintenanceRun', query: id, minPosition });
    return this.run;
  }

  override async maintenanceSettings() {
    return { settings: standardSettings, isSet: false };
  }

  override async beliefPolicies() {
    return standardPolicies;
  }

  override async list(caller: Caller, query: unknown, minPosition: number) {
    this.note({ what: 'list', caller, query, minPosition });
    return this.page;
  }

  override async search(caller: Caller, query: { mode: string }, minPosition: number) {
    this.note({ what: 'search', caller, query, minPosition });
    return { hits: this.hits, mode: query.mode, question: this.question };
  }

  override async history(caller: Caller, id: string, minPosition: number) {
    this.note({ what: 'history', caller, query: id, minPosition });
    return this.memory && { memory: this.memory, versions: this.versions };
  }

  override async lineage(caller: Caller, id: string, query: { asOf: number | null }, minPosition: number) {
    this.note({ what: 'lineage', caller, query: { id, ...query }, minPosition });
    return this.graph;
  }

  override async contradictions(caller: Caller, query: unknown, minPosition: number) {
    this.note({ what: 'contradictions', caller, query, minPosition });
    return this.contradictionPage;
  }

  override async contradiction(caller: Caller, id: string, minPosition: number) {
    this.note({ what: 'contradiction', caller, query: id, minPosition });
    return this.contradictionPage.rows[0] ?? null;
  }

  override async agents(caller: Caller, query: unknown, minPosition: number) {
    this.note({ what: 'agents', caller, query, minPosition });
    return this.agentPage;
  }

  override async handoffs(caller: Caller, sessionId: string, limit: number, minPosition: number) {
    this.note({ what: 'handoffs', caller, query: { sessionId, limit }, minPosition });
    return this.foundHandoffs;
  }

  override async memoryGraph(caller: Caller, query: unknown, minPosition: number) {
    this.note({ what: 'memoryGraph', caller, query, minPosition });
    return this.connected;
  }

  override async totals(_tenantId: string, minPosition: number, view?: View | null) {
    this.note({ what: 'totals', minPosition, view });
    return this.stored;
  }

  override async searchState() {
    return { index: 3, embedder: 'a-model', documents: 14, pendingEmbeddings: 2 };
  }

  override async unreadTexts() {
    return [];
  }

  override async changes(caller: Caller, query: unknown) {
    this.note({ what: 'changes', caller, query });
    return { changes: [], next: { position: this.head, index: 256 }, head: this.head };
  }

  override async grown() {
    return this.head;
  }

  override async headPosition() {
    return this.head;
  }

  override async status() {
    return { ready: this.isReady, indexedDocuments: 14, parkedStreams: 0 };
  }
}
