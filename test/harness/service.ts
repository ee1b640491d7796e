import { v7 as uuidv7 } from 'uuid';
import { Aging } from '#apps/search/queries/aging.js';
import { Changes } from '#apps/search/queries/changes.js';
import { Differences } from '#apps/search/queries/differences.js';
import { Exports } from '#apps/search/queries/exports.js';
import { Lineages } from '#apps/search/queries/lineages.js';
import { MaintenanceRuns } from '#apps/search/queries/maintenance-runs.js';
import { Relations } from '#apps/search/queries/relations.js';
import { Search } from '#apps/search/queries/search.js';
import type { SearchIndex } from '#libs/ports/search-index.js';
import type { ServedIndex } from '#libs/ports/served-index.js';
import { VisibleMemories } from '#apps/search/queries/visible-memories.js';
import { InProcessCommandBus } from '#libs/adapters/in-process/command-bus.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import { InProcessPastIndexes } from '#libs/adapters/in-process/past-indexes.js';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import { KeyedIdentities } from '#libs/adapters/postgres/identities.js';
import { LogGrowth } from '#libs/adapters/postgres/ledger/log-growth.js';
import { PostgresLogReader } from '#libs/adapters/postgres/ledger/log-reader.js';
import { PostgresLogWriter } from '#libs/adapters/postgres/ledger/log-writer.js';
import { PrismaMemoryReader } from '#libs/adapters/postgres/memory-reader.js';
import { PostgresPastMemories } from '#libs/adapters/postgres/past-memories.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import { BeliefNeighbours } from '#libs/beliefs/neighbours.js';
import { MaintenanceWishes } from '#libs/beliefs/maintenance-wishes.js';
import { Policies } from '#libs/beliefs/policies.js';
import { StatementCache } from '#libs/beliefs/statement-cache.js';
import type { Command, CommandAccepted, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';
import type { LogSources } from '#libs/ports/log-writer.js';
import { commandHandlerOn } from './command-handler.js';
import { startTestDatabase, type TestDatabase } from './database.js';

/** Ingestion and search on a real database, without HTTP. */
export interface TestService {
  database: TestDatabase;
  log: PostgresLogReader;
  writer: PostgresLogWriter;
  store: PostgresReadModelStore;
  reader: PrismaMemoryReader;
  index: SearchIndex;
  served: ServedIndex;
  follower: ProjectionFollower;
  queries: VisibleMemories;
  /** What the follower parked. */
  parked: string[];
  /** Batches that could not be applied and were tried again. */
  failures: Error[];
  execute(envelope: CommandEnvelope): Promise<CommandOutcome>;
  /** Carries a command out for `caller`; throws unless it was accepted. */
  send(caller: Caller, command: Command): Promise<CommandAccepted>;
  stop(): Promise<void>;
}

/** @param sources of times and ids, where they must not be those of the clock and of chance */
export async function startTestService(
  tenantIds: readonly string[] = ['acme'],
  sources?: LogSources,
): Promise<TestService> {
  const database = await startTestDatabase();
  const { db, keyRing, tenants } = database;
  for (const tenantId of tenantIds) await tenants.ensure(tenantId, 'self-hosted');
  const growth = new LogGrowth();
  const writer = new PostgresLogWriter(db, keyRing, growth, sources);
  const log = new PostgresLogReader(db, keyRing, growth);
  const store = new PostgresReadModelStore(db);
  const reader = new PrismaMemoryReader(db);
  const embedder = new StaticEmbedder();
  const served = servedBy(embedder);
  const { index } = served.now;
  const identities = new KeyedIdentities(keyRing);
  const parked: string[] = [];
  const failures: Error[] = [];
  const follower = new ProjectionFollower(log, store, served, {
    indexing: () => undefined,
    parked: (_tenantId, streamId) => parked.push(streamId),
    projected: () => undefined,
    failed: (_tenantId, error) => failures.push(error),
  });
  const handler = await commandHandlerOn({ writer, log, reader, served, identities });
  const bus = new InProcessCommandBus((envelope) => handler.handle(envelope));
  const policies = new Policies(log);
  const statements = new StatementCache(new RulesStatementReader());
  const comparing = new Relations(reader, new BeliefNeighbours(reader, served), statements, policies);
  const past = new PostgresPastMemories(db);
  const search = new Search(
    ...([
      served,
      reader,
      past,
      new InProcessPastIndexes(past, served),
      new Aging(new MaintenanceWishes(log), store),
    ] as const),
  );
  const days = new Differences(past);
  const lineages = new Lineages(log, reader);
  const [runs, wishes] = [new MaintenanceRuns(reader, log), new MaintenanceWishes(log)];
  const changes = new Changes(log, reader);
  const exports = new Exports(past, log);
  const queries = new VisibleMemories(
    ...([
      reader,
      log,
      follower,
      search,
      comparing,
      policies,
      past,
      days,
      lineages,
      changes,
      runs,
      wishes,
      exports,
    ] as const),
  );
  const listening = [
    log.onGrowth((tenantId, position) => follower.notify(tenantId, position)),
    store.onLoss(() => follower.recheck()),
  ];
  await follower.start();
  return {
    ...{ database, log, writer, store, reader, index, served, follower, queries, parked, failures },
    execute: (envelope) => bus.execute(envelope),
    send: async (caller, command) => {
      const outcome = await bus.execute(envelopeOf(caller, command));
      if (outcome.kind === 'refused') throw new Error(`${outcome.code}: ${outcome.detail}`);
      return outcome;
    },
    stop: async () => {
      for (const stop of listening) stop();
      await follower.stop();
      await reader.close();
      await database.stop();
    },
  };
}

export function envelopeOf(
  caller: Caller,
  command: Command,
  idempotency: CommandEnvelope['idempotency'] = null,
): CommandEnvelope {
  return {
    commandId: uuidv7(),
    correlationId: uuidv7(),
    caller,
    idempotency,
    receivedAt: new Date().toISOString(),
    command,
  };
}

export function callerOf(tenantId: string, more: Partial<Caller> = {}): Caller {
  const project = { id: 'project-default', name: 'default' };
  return { tenantId, keyId: 'key', project, team: null, agent: null, sessionId: null, boundUserId: null, ...more };
}

export const nowhere = { scope: null, userId: null, agentId: null, teamId: null, conversationId: null };

export function statement(content: string, more: Partial<Extract<Command, { type: 'LearnMemory' }>> = {}): Command {
  return {
    type: 'LearnMemory',
    content,
    memoryType: 'fact',
    confidence: 0.8,
    placement: nowhere,
    metadata: {},
    ...more,
  };
}

export function said(...contents: string[]): Command {
  const messages = contents.map((content) => ({ role: 'user', content, name: null, externalId: null, saidAt: null }));
  return { type: 'IngestConversation', messages, placement: nowhere, metadata: {} };
}
