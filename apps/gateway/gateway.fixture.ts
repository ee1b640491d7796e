import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { standardPolicies } from '#libs/domain/belief/policy.js';
import { standardSettings } from '#libs/domain/maintenance/settings.js';
import type { LineageGraph } from '#libs/domain/lineage/lineage.js';
import type { QuestionReading } from '#libs/domain/ranking/explanation.js';
import type { Caller, KeyBinding } from '#libs/domain/scope/ownership.js';
import { type AccessKey, AccessKeys } from '#libs/ports/access-keys.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { Identities } from '#libs/ports/identities.js';
import { JobQueue } from '#libs/ports/job-queue.js';
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
import { type RateDecision, RateLimiter } from '#libs/ports/rate-limiter.js';
import { ReadDays } from '#libs/ports/read-days.js';
import { type Usage, UsageCounters } from '#libs/ports/usage-counters.js';
import { Webhooks, WebhookSender } from '#libs/ports/webhooks.js';
import { WrittenPositions } from '#libs/ports/written-positions.js';
import { FakeReadDays, FakeSender, FakeWebhooks } from './account.fixture.js';
import { createGatewayApplication } from './gateway-application.js';
import { FakeJobs } from './jobs.fixture.js';
import { memoryId, memoryRow } from './rows.fixture.js';

/**
 * The gateway over ports that only remember what they were asked and answer what a test put in: enough to see what the
 * gateway itself does (who may, what is well-formed, how it is worded). What the ports mean is tested with real ones.
 */
export const tenantId = '0192aaaa-0000-7000-8000-000000000001';
export const plainKey = 'mk_plain_key';
export const boundKey = 'mk_bound_key';

const unbound: KeyBinding = { projectName: null, teamName: null, agentName: null, userId: null };

export class FakeBus extends CommandBus {
  readonly envelopes: CommandEnvelope[] = [];
  answer: (envelope: CommandEnvelope) => Promise<CommandOutcome> | CommandOutcome = () => accepted({});

  override async execute(envelope: CommandEnvelope, taken: () => void = () => undefined): Promise<CommandOutcome> {
    this.envelopes.push(envelope);
    taken();
    return this.answer(envelope);
  }

  get last(): CommandEnvelope {
    return this.envelopes.at(-1)!;
  }
}

export function accepted(body: Record<string, unknown>, position = 12, replayed = false): CommandOutcome {
  return { kind: 'accepted', position, replayed, body };
}

export const learned = {
  memoryIds: [memoryId],
  memoriesCreated: 1,
  deduplicated: false,
  conversationId: null,
  userId: 'user_123',
  agentId: 'a-1',
  projectId: 'p-1',
  sessionId: null,
};

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

class FakeKeys extends AccessKeys {
  constructor(private readonly planTier: string) {
    super();
  }

  override async find(secret: string): Promise<AccessKey | null> {
    const key = { tenantId, planTier: this.planTier };
    if (secret === plainKey) return { ...key, id: 'key-plain', binding: unbound };
    const binding = { projectName: 'alpha', teamName: null, agentName: 'Ada', userId: 'user_123' };
    return secret === boundKey ? { ...key, id: 'key-bound', binding } : null;
  }
}

class ReadableIdentities extends Identities {
  override async id(tenant: string, kind: string, parts: readonly string[]) {
    return [tenant.slice(0, 4), kind, ...parts].join('/');
  }

  override async contentKey(): Promise<string> {
    throw new Error('the gateway never needs the key of a content');
  }

  override async slotKey(): Promise<string> {
    throw new Error('the gateway never needs the key of a slot');
  }
}

export class FakeCounters extends UsageCounters {
  readonly counted: string[] = [];
  monthApiCalls = 30;

  override count(tenant: string, what: 'api_call' | 'search'): void {
    this.counted.push(`${tenant === tenantId ? 'tenant' : tenant} ${what}`);
  }

  override async usage(): Promise<Usage> {
    return { totalApiCalls: 40, monthApiCalls: this.monthApiCalls, totalSearches: 20, monthSearches: 10 };
  }

  override async usageByDay() {
    return [{ day: '2026-03-01', apiCalls: 30, searches: 10 }];
  }

  override async flush(): Promise<void> {}
}

/** Forgets nothing, except when it is told to know nothing. */
export class FakePositions extends WrittenPositions {
  readonly written = new Map<string, number>();
  isKnown = true;

  override async remember(keyId: string, position: number): Promise<void> {
    this.written.set(keyId, Math.max(position, this.written.get(keyId) ?? 0));
  }

  override async last(keyId: string): Promise<number | null> {
    return this.isKnown ? (this.written.get(keyId) ?? 0) : null;
  }
}

/** A budget that is never filled again. */
class FixedBudget extends RateLimiter {
  private remaining: number;

  constructor(private readonly limit: number) {
    super();
    this.remaining = limit;
  }

  override async take(): Promise<RateDecision> {
    const allowed = this.remaining > 0;
    if (allowed) this.remaining -= 1;
    const resetAtSeconds = Math.ceil(Date.now() / 1000) + 1;
    return {
      allowed,
      limit: this.limit,
      remaining: this.remaining,
      resetAtSeconds,
      retryAfterSeconds: allowed ? 0 : 1,
    };
  }
}

export interface GatewayUnderTest {
  application: NestFastifyApplication;
  bus: FakeBus;
  queries: FakeQueries;
  jobs: FakeJobs;
  counters: FakeCounters;
  positions: FakePositions;
  /** Every line that was logged. */
  logLines: string[];
}

export interface FixtureSettings {
  retryWindowSeconds?: number;
  commandTimeoutMs?: number;
  burst?: number;
  planTier?: string;
  logLevel?: string;
}

/** Starts a gateway that does not listen; use `application.inject`. */
export async function startGateway(settings: FixtureSettings = {}): Promise<GatewayUnderTest> {
  const bus = new FakeBus();
  const queries = new FakeQueries();
  const jobs = new FakeJobs();
  const counters = new FakeCounters();
  const positions = new FakePositions();
  const logLines: string[] = [];
  const ports = [
    { provide: AccessKeys, useValue: new FakeKeys(settings.planTier ?? 'self-hosted') },
    { provide: CommandBus, useValue: bus },
    { provide: Identities, useValue: new ReadableIdentities() },
    { provide: MemoryQueries, useValue: queries },
    { provide: JobQueue, useValue: jobs },
    { provide: RateLimiter, useValue: new FixedBudget(settings.burst ?? 100_000) },
    { provide: ReadDays, useValue: new FakeReadDays() },
    { provide: UsageCounters, useValue: counters },
    { provide: Webhooks, useValue: new FakeWebhooks() },
    { provide: WebhookSender, useValue: new FakeSender() },
    { provide: WrittenPositions, useValue: positions },
  ];
  @Module({})
  class FakePorts {}
  const application = await createGatewayApplication(
    { module: FakePorts, global: true, providers: ports, exports: ports },
    {
      retryWindowSeconds: settings.retryWindowSeconds ?? 60,
      commandTimeoutMs: settings.commandTimeoutMs ?? 5000,
      cursorKey: Buffer.alloc(32, 7),
      rateLimitPerSecond: 500,
      rateLimitBurst: 1000,
      logLevel: settings.logLevel ?? 'info',
      logDestination: { write: (line: string) => void logLines.push(line) },
    },
  );
  await application.getHttpAdapter().getInstance().ready();
  return { application, bus, queries, jobs, counters, positions, logLines };
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  /** Null shows no key. */
  key?: string | null;
}

/** One request below `/api/v1` with a key; a body is sent as JSON, a text as it is. */
export async function call({ application }: GatewayUnderTest, method: string, path: string, sent: Call = {}) {
  const { body, key = plainKey } = sent;
  const answer = await application.inject({
    method: method as 'GET',
    url: path.startsWith('/api') ? path : `/api/v1${path}`,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...sent.headers,
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = String(answer.headers['content-type'] ?? '').includes('json');
  return { status: answer.statusCode, headers: answer.headers, json: isJson ? JSON.parse(answer.body) : null };
}
