import { randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { MemoryQueriesClient } from '#libs/adapters/grpc/memory-queries-client.js';
import { BullLanes } from '#libs/adapters/bullmq/bull-lanes.js';
import { InProcessPastIndexes } from '#libs/adapters/in-process/past-indexes.js';
import { InProcessRateLimiter } from '#libs/adapters/in-process/rate-limiter.js';
import { KafkaCommandBus } from '#libs/adapters/kafka/command-bus.js';
import { KafkaCommandTransport } from '#libs/adapters/kafka/command-transport.js';
import { KafkaCommitFeed } from '#libs/adapters/kafka/commit-feed.js';
import { busyGroups, forgetGroup } from '#libs/adapters/kafka/groups.js';
import { KafkaCommitPublisher } from '#libs/adapters/kafka/commit-publisher.js';
import { briefly, kafkaClient, type KafkaLog } from '#libs/adapters/kafka/kafka-client.js';
import { KafkaParkedNotices } from '#libs/adapters/kafka/parked-notices.js';
import { assertTopics, makeTopics } from '#libs/adapters/kafka/topics.js';
import { PostgresAccessKeys } from '#libs/adapters/postgres/access-keys.js';
import { PostgresCheckpoints } from '#libs/adapters/postgres/checkpoints.js';
import { KeyedIdentities } from '#libs/adapters/postgres/identities.js';
import { PostgresImportFiles } from '#libs/adapters/postgres/import-files.js';
import { PostgresJobQueue } from '#libs/adapters/postgres/jobs/job-queue.js';
import { KeyedSealer } from '#libs/adapters/postgres/keyed-sealer.js';
import { PostgresCommitOutbox } from '#libs/adapters/postgres/ledger/commit-outbox.js';
import { LogGrowth } from '#libs/adapters/postgres/ledger/log-growth.js';
import { PostgresLeadership } from '#libs/adapters/postgres/leadership.js';
import { PostgresOutcomePruning } from '#libs/adapters/postgres/ledger/outcome-pruning.js';
import { PostgresLogReader } from '#libs/adapters/postgres/ledger/log-reader.js';
import { PostgresLogWriter } from '#libs/adapters/postgres/ledger/log-writer.js';
import { PrismaMemoryReader } from '#libs/adapters/postgres/memory-reader.js';
import { PostgresPastMemories } from '#libs/adapters/postgres/past-memories.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { PostgresReadDays } from '#libs/adapters/postgres/read-days.js';
import { PostgresWebhooks } from '#libs/adapters/postgres/webhooks.js';
import { PostgresUsageCounters } from '#libs/adapters/postgres/usage-counters.js';
import type { QdrantServer } from '#libs/adapters/qdrant/search-index.js';
import { RedisCommandOutcomes } from '#libs/adapters/redis/command-outcomes.js';
import { RedisRateLimiter } from '#libs/adapters/redis/rate-limiter.js';
import { RedisClients } from '#libs/adapters/redis/redis-client.js';
import { RedisSchedule } from '#libs/adapters/redis/schedule.js';
import { RedisWrittenPositions } from '#libs/adapters/redis/written-positions.js';
import { HttpWebhookSender } from '#libs/adapters/webhooks/webhook-sender.js';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import { ThreadedStatementReader } from '#libs/adapters/rules/statements/threaded-statement-reader.js';
import { namespaced } from '#libs/contracts/topics.js';
import { AccessKeys } from '#libs/ports/access-keys.js';
import { Checkpoints, indexProjection } from '#libs/ports/checkpoints.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { CommitFeeds } from '#libs/ports/commit-feed.js';
import { CommitOutbox } from '#libs/ports/commit-outbox.js';
import { CommitPublisher } from '#libs/ports/commit-publisher.js';
import { Identities } from '#libs/ports/identities.js';
import { IndexGenerations } from '#libs/ports/index-generations.js';
import { ImportFiles } from '#libs/ports/import-files.js';
import { JobQueue } from '#libs/ports/job-queue.js';
import { Leadership } from '#libs/ports/leadership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { type LogSources, LogWriter } from '#libs/ports/log-writer.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { OutcomePruning } from '#libs/ports/outcome-pruning.js';
import { ParkedNotices } from '#libs/ports/parked-notices.js';
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
import { type IndexMaker, OpenIndexes } from '#libs/projections/open-indexes.js';
import type { Configuration, Servers } from '#libs/service-kit/configuration.js';
import { isPassing } from '#libs/service-kit/passing.js';
import { currentTraceparent, withTraceparent } from '#libs/service-kit/tracing.js';
import { maintenancePorts } from './maintenance-ports.js';
import { modelPorts } from './model-ports.js';
import { ObservedLogWriter } from './observed-log-writer.js';
import { openIndexes, presentIndexes, sharedIndexes, wantIndex } from './search-indexes.js';
import type { SharedDatabase } from './shared-database.js';

/** Consumer groups of the projections. */
const rowsGroup = 'memorystack-read-model';
const indexGroup = (generation: number): string => `memorystack-${indexProjection(generation)}`;

/** What the adapters of a service have to say. */
export interface ServiceEars {
  /** A sentence of our own on servers that come and go: it quotes nobody. */
  note: (sentence: string) => void;
  /** Something went wrong and is tried again, or done without. */
  failed: (error: Error) => void;
  /** The service cannot go on and must end, to be started again. */
  lost: (error: Error) => void;
}

/** The adapters of one service. */
export interface Adapters {
  /** Port → adapter. */
  providers: Provider[];
  close(): Promise<void>;
}

/** Gateway: commands go to Kafka, questions to the search service. */
export async function gatewayAdapters(
  servers: Servers,
  { db, keyRing }: SharedDatabase,
  { webhookAllowPrivate: allowPrivate }: Pick<Configuration, 'webhookAllowPrivate'>,
  { failed, note }: ServiceEars,
): Promise<Adapters> {
  const { producing } = await connectedKafka(servers, 'gateway', note);
  const redis = redisClients(servers, note);
  const away = (error: Error): void => note(error.message);
  const sealer = new KeyedSealer(keyRing);
  const outcomes = new RedisCommandOutcomes(redis, sealer, away);
  const bus = new KafkaCommandBus(producing, servers.namespace, outcomes, sealer, currentTraceparent);
  await bus.start();
  const accessKeys = new PostgresAccessKeys(db, keyRing);
  await accessKeys.start();
  const usageCounters = new PostgresUsageCounters(db, failed);
  const readDays = new PostgresReadDays(db, failed);
  const fallback = new InProcessRateLimiter();
  const positions = new RedisWrittenPositions(redis, { failed: away });
  const queries = new MemoryQueriesClient(servers.searchAddress, currentTraceparent);
  const jobs = jobQueue(redis, { db, keyRing }, away);
  return {
    providers: [
      { provide: JobQueue, useValue: jobs },
      { provide: ImportFiles, useValue: new PostgresImportFiles(db, sealer) },
      { provide: CommandBus, useValue: bus },
      { provide: MemoryQueries, useValue: queries },
      { provide: Identities, useValue: new KeyedIdentities(keyRing) },
      { provide: AccessKeys, useValue: accessKeys },
      { provide: UsageCounters, useValue: usageCounters },
      { provide: ReadDays, useValue: readDays },
      { provide: RateLimiter, useValue: new RedisRateLimiter(redis, { fallback, failed: away }) },
      { provide: WrittenPositions, useValue: positions },
      { provide: Webhooks, useValue: new PostgresWebhooks(db, keyRing) },
      { provide: WebhookSender, useValue: new HttpWebhookSender({ allowPrivate }) },
    ],
    close: async () => {
      await jobs.stop();
      await bus.stop();
      queries.close();
      positions.close();
      await outcomes.close();
      await redis.close();
      await usageCounters.stop();
      await readDays.stop();
      await accessKeys.stop();
    },
  };
}

/**
 * Ingestion, which alone holds the log writer: commands come from Kafka, and commits go there.
 * @param sources of times and ids, where they must not be those of the clock and of chance
 */
export async function ingestionAdapters(
  servers: Servers,
  { db, keyRing }: SharedDatabase,
  { model }: Pick<Configuration, 'model'>,
  { failed, lost, note }: ServiceEars,
  sources?: LogSources,
): Promise<Adapters & { transport: KafkaCommandTransport }> {
  const { namespace } = servers;
  const { consuming, producing } = await connectedKafka(servers, 'ingestion', note);
  const redis = redisClients(servers, note);
  const away = (error: Error): void => note(error.message);
  const sealer = new KeyedSealer(keyRing);
  const outcomes = new RedisCommandOutcomes(redis, sealer, away);
  const growth = new LogGrowth();
  const outbox = new PostgresCommitOutbox(db, growth, failed);
  await outbox.start();
  const publisher = new KafkaCommitPublisher(producing, namespace);
  await publisher.start();
  const parked = new KafkaParkedNotices(producing, namespace, failed);
  await parked.start();
  const memoryReader = new PrismaMemoryReader(db);
  const { indexes, close: closeIndexes } = await openIndexes(db, indexMaker(servers, { db, keyRing }, note), failed);
  const statementReader = new ThreadedStatementReader();
  const traced = <T>(traceparent: string | null, work: () => Promise<T>) =>
    withTraceparent(traceparent, 'command', {}, work);
  const transport = new KafkaCommandTransport({
    ...{ kafka: consuming, namespace, sealer, outcomes, parked, isPassing, failed, lost, traced },
  });
  return {
    transport,
    providers: [
      { provide: LogWriter, useValue: new ObservedLogWriter(new PostgresLogWriter(db, keyRing, growth, sources)) },
      { provide: LogReader, useValue: new PostgresLogReader(db, keyRing, growth) },
      ...(await modelPorts(model, note)),
      { provide: StatementReader, useValue: statementReader },
      { provide: Identities, useValue: new KeyedIdentities(keyRing) },
      { provide: MemoryReader, useValue: memoryReader },
      { provide: ServedIndex, useValue: indexes },
      { provide: CommitOutbox, useValue: outbox },
      { provide: CommitPublisher, useValue: publisher },
    ],
    close: async () => {
      await publisher.stop();
      await outbox.stop();
      await parked.stop();
      await memoryReader.close();
      await statementReader.close();
      await closeIndexes();
      await outcomes.close();
      await redis.close();
    },
  };
}

/** Search: follows the log in Kafka into PostgreSQL and Qdrant, and answers from them. */
export async function searchAdapters(
  servers: Servers,
  { db, keyRing }: SharedDatabase,
  { failed, lost, note }: ServiceEars,
): Promise<Adapters> {
  const { namespace } = servers;
  const { consuming, producing } = await connectedKafka(servers, 'search', note);
  const growth = new LogGrowth();
  const parked = new KafkaParkedNotices(producing, namespace, failed);
  await parked.start();
  const memoryReader = new PrismaMemoryReader(db);
  const past = new PostgresPastMemories(db);
  const maker = indexMaker(servers, { db, keyRing }, note);
  const { generations, indexes, close: closeIndexes } = await openIndexes(db, maker, failed);
  const leadership = new PostgresLeadership(db);
  const feed = (group: string) => new KafkaCommitFeed(consuming, namespace, group, { failed, lost });
  const feeds = new CommitFeeds(feed(rowsGroup), (generation) => feed(indexGroup(generation)));
  return {
    providers: [
      { provide: LogReader, useValue: new PostgresLogReader(db, keyRing, growth) },
      { provide: ReadModelStore, useValue: new PostgresReadModelStore(db) },
      { provide: MemoryReader, useValue: memoryReader },
      { provide: PastMemories, useValue: past },
      { provide: PastIndexes, useValue: new InProcessPastIndexes(past, indexes) },
      { provide: IndexGenerations, useValue: generations },
      { provide: OpenIndexes, useValue: indexes },
      { provide: ServedIndex, useValue: indexes },
      { provide: Leadership, useValue: leadership },
      { provide: StatementReader, useValue: new RulesStatementReader() },
      { provide: Checkpoints, useValue: new PostgresCheckpoints(db) },
      { provide: CommitFeeds, useValue: feeds },
      { provide: ParkedNotices, useValue: parked },
    ],
    close: async () => {
      await parked.stop();
      await memoryReader.close();
      await closeIndexes();
      await leadership.close();
    },
  };
}

/** What a replay needs: the log in Kafka from its beginning, and everything that is made from it. */
export async function replayPorts(
  servers: Servers,
  { db, keyRing }: SharedDatabase,
  { failed, lost, note }: ServiceEars,
) {
  const { namespace } = servers;
  const { consuming: kafka } = await connectedKafka(servers, 'replay', note);
  const maker = indexMaker(servers, { db, keyRing }, note);
  const indexes = await presentIndexes(db, maker, failed);
  const groups = [rowsGroup, ...indexes.written.map(({ generation }) => indexGroup(generation))];
  const following = await busyGroups(
    kafka,
    groups.map((one) => namespaced(namespace, one)),
  );
  if (following.length > 0) {
    throw new Error(`The search services still follow the log (${following.join(', ')}): stop them first.`);
  }
  const group = `memorystack-replay-${randomUUID()}`;
  return {
    feed: new KafkaCommitFeed(kafka, namespace, group, { failed, lost }),
    log: new PostgresLogReader(db, keyRing, new LogGrowth()),
    store: new PostgresReadModelStore(db),
    served: indexes,
    checkpoints: new PostgresCheckpoints(db),
    close: async () => {
      await indexes.stop();
      await forgetGroup(kafka, namespaced(namespace, group));
    },
  };
}

/** Maintenance: what is due by the clock, in one process at a time, long work, and telling webhooks. */
export async function maintenanceAdapters(
  servers: Servers,
  { db, keyRing }: SharedDatabase,
  {
    webhookAllowPrivate: allowPrivate,
    ...configuration
  }: Pick<Configuration, 'webhookAllowPrivate' | 'embedder' | 'embedderServer'>,
  { failed, note }: ServiceEars,
): Promise<Adapters> {
  const { producing } = await connectedKafka(servers, 'maintenance', note);
  const redis = redisClients(servers, note);
  const away = (error: Error): void => note(error.message);
  const sealer = new KeyedSealer(keyRing);
  const outcomes = new RedisCommandOutcomes(redis, sealer, away);
  const bus = new KafkaCommandBus(producing, servers.namespace, outcomes, sealer, currentTraceparent);
  await bus.start();
  const queries = new MemoryQueriesClient(servers.searchAddress, currentTraceparent);
  const jobs = jobQueue(redis, { db, keyRing }, away);
  const memoryReader = new PrismaMemoryReader(db);
  const readDays = new PostgresReadDays(db, failed);
  const maintenance = await maintenancePorts({ db, keyRing }, configuration);
  return {
    providers: [
      { provide: ReadDays, useValue: readDays },
      { provide: Schedule, useValue: new RedisSchedule(redis, failed) },
      { provide: OutcomePruning, useValue: new PostgresOutcomePruning(db, true) },
      { provide: JobQueue, useValue: jobs },
      { provide: ImportFiles, useValue: new PostgresImportFiles(db, sealer) },
      { provide: Identities, useValue: new KeyedIdentities(keyRing) },
      { provide: CommandBus, useValue: bus },
      { provide: MemoryQueries, useValue: queries },
      { provide: LogReader, useValue: new PostgresLogReader(db, keyRing, new LogGrowth()) },
      { provide: MemoryReader, useValue: memoryReader },
      { provide: Webhooks, useValue: new PostgresWebhooks(db, keyRing) },
      { provide: WebhookSender, useValue: new HttpWebhookSender({ allowPrivate }) },
      ...maintenance.providers,
    ],
    close: async () => {
      await jobs.stop();
      await maintenance.close();
      await readDays.stop();
      await memoryReader.close();
      await bus.stop();
      queries.close();
      await outcomes.close();
      await redis.close();
    },
  };
}

/** Jobs are rows; Redis wakes those who do them. */
function jobQueue(
  redis: RedisClients,
  { db, keyRing }: Pick<SharedDatabase, 'db' | 'keyRing'>,
  failed: (error: Error) => void,
): JobQueue {
  const backend = { options: { connection: redis.openPatient('jobs'), prefix: redis.key('jobs') } };
  return new PostgresJobQueue(db, new KeyedSealer(keyRing), new BullLanes(backend, failed), failed);
}

/** Makes what the services find: topics and the collection. Does nothing where it is there already. */
export async function prepareServers(
  servers: Servers,
  { db, keyRing }: SharedDatabase,
  configuration: Pick<Configuration, 'embedder' | 'embedderServer'>,
  onProgress: (sentence: string) => void,
): Promise<void> {
  const kafka = kafkaClient(servers.kafka, 'memorystack-prepare', (level, message) => {
    if (level === 'error') onProgress(`  ${message}`);
  });
  await makeTopics(kafka, servers.namespace, null);
  onProgress('Kafka: the topics are there');
  await wantIndex(db, configuration, onProgress);
  const maker = indexMaker(servers, { db, keyRing }, onProgress);
  const indexes = await presentIndexes(db, maker, ({ message }) => onProgress(`  ${message}`));
  onProgress(`Search: index ${indexes.now.generation} is there`);
  await indexes.stop();
}

/** The generations of the index in Qdrant, with the texts and word statistics that are kept in PostgreSQL. */
function indexMaker(
  servers: Servers,
  { db, keyRing }: Pick<SharedDatabase, 'db' | 'keyRing'>,
  note: (sentence: string) => void,
): IndexMaker {
  const forget = async (generation: number): Promise<void> => {
    const kafka = kafkaClient(servers.kafka, 'memorystack-indexes', () => undefined);
    await forgetGroup(kafka, namespaced(servers.namespace, indexGroup(generation)));
  };
  const { embedder: embedderServer } = servers;
  return sharedIndexes(qdrantServer(servers), { db, keyRing, embedderServer }, { note, forget });
}

function qdrantServer({ qdrantUrl: url, qdrantApiKey: apiKey, namespace }: Servers): QdrantServer {
  return { url, apiKey, namespace };
}

/** @throws TopicsUnusable when they are not what the log may be kept in */
async function connectedKafka({ kafka: settings, namespace }: Servers, name: string, note: ServiceEars['note']) {
  const log: KafkaLog = (level, message) => {
    if (level === 'error') note(message);
  };
  const consuming = kafkaClient(settings, `memorystack-${name}`, log);
  await assertTopics(consuming, namespace);
  return { consuming, producing: kafkaClient(settings, `memorystack-${name}`, log, briefly) };
}

function redisClients({ redisUrl: url, namespace }: Servers, note: ServiceEars['note']): RedisClients {
  return new RedisClients({ url, namespace, failed: (error) => note(error.message) });
}
