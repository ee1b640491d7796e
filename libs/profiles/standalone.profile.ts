import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import { Alone } from '#libs/adapters/in-process/alone.js';
import { InProcessCommandBus } from '#libs/adapters/in-process/command-bus.js';
import { BullLanes } from '#libs/adapters/bullmq/bull-lanes.js';
import { InProcessPastIndexes } from '#libs/adapters/in-process/past-indexes.js';
import { InProcessRateLimiter } from '#libs/adapters/in-process/rate-limiter.js';
import { InProcessSchedule } from '#libs/adapters/in-process/schedule.js';
import { InProcessWrittenPositions } from '#libs/adapters/in-process/written-positions.js';
import { PostgresAccessKeys } from '#libs/adapters/postgres/access-keys.js';
import { KeyedIdentities } from '#libs/adapters/postgres/identities.js';
import { PostgresImportFiles } from '#libs/adapters/postgres/import-files.js';
import { PostgresJobQueue } from '#libs/adapters/postgres/jobs/job-queue.js';
import { laneTables, prepareLaneTables } from '#libs/adapters/postgres/jobs/lane-tables.js';
import { KeyedSealer } from '#libs/adapters/postgres/keyed-sealer.js';
import { LogGrowth } from '#libs/adapters/postgres/ledger/log-growth.js';
import { PostgresOutcomePruning } from '#libs/adapters/postgres/ledger/outcome-pruning.js';
import { PostgresLogReader } from '#libs/adapters/postgres/ledger/log-reader.js';
import { PostgresLogWriter } from '#libs/adapters/postgres/ledger/log-writer.js';
import { PrismaMemoryReader } from '#libs/adapters/postgres/memory-reader.js';
import { PostgresPastMemories } from '#libs/adapters/postgres/past-memories.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { PostgresReadDays } from '#libs/adapters/postgres/read-days.js';
import { PostgresWebhooks } from '#libs/adapters/postgres/webhooks.js';
import { PostgresUsageCounters } from '#libs/adapters/postgres/usage-counters.js';
import { HttpWebhookSender } from '#libs/adapters/webhooks/webhook-sender.js';
import { ThreadedStatementReader } from '#libs/adapters/rules/statements/threaded-statement-reader.js';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { AccessKeys } from '#libs/ports/access-keys.js';
import { Identities } from '#libs/ports/identities.js';
import { IndexGenerations } from '#libs/ports/index-generations.js';
import { ImportFiles } from '#libs/ports/import-files.js';
import { JobQueue } from '#libs/ports/job-queue.js';
import { Leadership } from '#libs/ports/leadership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { OutcomePruning } from '#libs/ports/outcome-pruning.js';
import { PastIndexes } from '#libs/ports/past-indexes.js';
import { PastMemories } from '#libs/ports/past-memories.js';
import { RateLimiter } from '#libs/ports/rate-limiter.js';
import { ReadDays } from '#libs/ports/read-days.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { Schedule } from '#libs/ports/schedule.js';
import { ServedIndex } from '#libs/ports/served-index.js';
import { StatementReader } from '#libs/ports/statement-reader.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { Webhooks, WebhookSender } from '#libs/ports/webhooks.js';
import { WrittenPositions } from '#libs/ports/written-positions.js';
import { OpenIndexes } from '#libs/projections/open-indexes.js';
import type { Configuration } from '#libs/service-kit/configuration.js';
import { maintenancePorts } from './maintenance-ports.js';
import { modelPorts } from './model-ports.js';
import { ObservedLogWriter } from './observed-log-writer.js';
import { inProcessIndexes, openIndexes, wantIndex } from './search-indexes.js';
import type { StandaloneDatabase } from './standalone-database.js';

/** The log and what is made from it: all that a replay needs. */
export function standaloneLog({ db, keyRing }: StandaloneDatabase) {
  const growth = new LogGrowth();
  return {
    writer: new PostgresLogWriter(db, keyRing, growth),
    reader: new PostgresLogReader(db, keyRing, growth),
    store: new PostgresReadModelStore(db),
  };
}

/** Where the search index is while no server runs. All of it can be removed then: it is made again from the log. */
export function keptIndexFolder(dataDir: string): string {
  return join(dataDir, 'index');
}

export interface Profile {
  /** Port → adapter. */
  providers: Provider[];
  commandBus(handle: (envelope: CommandEnvelope) => Promise<CommandOutcome>): InProcessCommandBus;
  close(): Promise<void>;
}

/** Everything in one process, on PostgreSQL alone. */
export async function standaloneProfile(
  database: StandaloneDatabase,
  {
    model,
    embedder: configured,
    embedderServer,
    dataDir,
    webhookAllowPrivate: allowPrivate,
  }: Pick<Configuration, 'webhookAllowPrivate' | 'model' | 'embedder' | 'embedderServer' | 'dataDir'>,
  { failed, note }: { failed: (error: Error) => void; note: (sentence: string) => void },
): Promise<Profile> {
  let bus: InProcessCommandBus | null = null;
  const { db, keyRing } = database;
  const { writer, reader, store } = standaloneLog(database);
  const accessKeys = new PostgresAccessKeys(db, keyRing);
  await accessKeys.start();
  const usageCounters = new PostgresUsageCounters(db, failed);
  const readDays = new PostgresReadDays(db, failed);
  const memoryReader = new PrismaMemoryReader(db);
  const past = new PostgresPastMemories(db);
  await wantIndex(db, { embedder: configured, embedderServer }, note);
  const keeping = { db, keyRing, embedderServer };
  const maker = inProcessIndexes(keeping, keptIndexFolder(dataDir), { failed, note });
  const { generations, indexes, close: closeIndexes } = await openIndexes(db, maker, failed);
  const statementReader = new ThreadedStatementReader();
  const { jobs, importFiles } = await jobStores(database, failed);
  const maintenance = await maintenancePorts({ db, keyRing }, { embedder: configured, embedderServer });
  return {
    providers: [
      { provide: LogWriter, useValue: new ObservedLogWriter(writer) },
      { provide: LogReader, useValue: reader },
      { provide: ReadModelStore, useValue: store },
      { provide: MemoryReader, useValue: memoryReader },
      { provide: PastMemories, useValue: past },
      { provide: PastIndexes, useValue: new InProcessPastIndexes(past, indexes) },
      { provide: IndexGenerations, useValue: generations },
      { provide: OpenIndexes, useValue: indexes },
      { provide: ServedIndex, useValue: indexes },
      { provide: Leadership, useValue: new Alone() },
      ...(await modelPorts(model, (sentence) => failed(new Error(sentence)))),
      { provide: StatementReader, useValue: statementReader },
      { provide: Identities, useValue: new KeyedIdentities(keyRing) },
      { provide: AccessKeys, useValue: accessKeys },
      { provide: UsageCounters, useValue: usageCounters },
      { provide: ReadDays, useValue: readDays },
      { provide: RateLimiter, useValue: new InProcessRateLimiter() },
      { provide: WrittenPositions, useValue: new InProcessWrittenPositions() },
      { provide: Webhooks, useValue: new PostgresWebhooks(db, keyRing) },
      { provide: WebhookSender, useValue: new HttpWebhookSender({ allowPrivate }) },
      { provide: OutcomePruning, useValue: new PostgresOutcomePruning(db) },
      { provide: Schedule, useValue: new InProcessSchedule(failed) },
      { provide: JobQueue, useValue: jobs },
      { provide: ImportFiles, useValue: importFiles },
      ...maintenance.providers,
    ],
    commandBus: (handle) => (bus = new InProcessCommandBus(handle)),
    close: async () => {
      await jobs.stop();
      await maintenance.close();
      // A command that was answered with 202 goes on; the database must not close under it.
      await bus?.drain();
      await usageCounters.stop();
      await readDays.stop();
      await accessKeys.stop();
      await memoryReader.close();
      await statementReader.close();
      await closeIndexes();
    },
  };
}

/** Jobs, and the files that wait for one. */
async function jobStores({ db, keyRing, url }: StandaloneDatabase, failed: (error: Error) => void) {
  await prepareLaneTables(url);
  const sealer = new KeyedSealer(keyRing);
  const jobs = new PostgresJobQueue(db, sealer, new BullLanes(laneTables(url), failed), failed);
  return { jobs, importFiles: new PostgresImportFiles(db, sealer) };
}
