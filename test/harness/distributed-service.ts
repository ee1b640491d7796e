import { setTimeout as sleep } from 'node:timers/promises';
import { startIngestion } from '#apps/ingestion/ingestion-service.js';
import { startSearch } from '#apps/search/search-service.js';
import { gatewayAdapters, prepareServers } from '#libs/profiles/distributed.profile.js';
import { openSharedDatabase } from '#libs/profiles/shared-database.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import type { LogSources } from '#libs/ports/log-writer.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { type Configuration, readConfiguration } from '#libs/service-kit/configuration.js';
import type { RunningService } from '#libs/service-kit/run-service.js';
import type { TestDatabase } from './database.js';
import { freshNamespace, sharedServers } from './stack.js';

/**
 * Ingestion and search of the distributed profile in this process, and what a gateway has to speak to them: without
 * HTTP, but through Kafka, Redis, Qdrant and gRPC as everywhere.
 */
export interface DistributedService {
  bus: CommandBus;
  queries: MemoryQueries;
  /** What went wrong and was tried again. */
  failures: Error[];
  stop(): Promise<void>;
}

const readyLimitMs = 120_000;

export async function startDistributedService(
  database: TestDatabase,
  sources: LogSources,
): Promise<DistributedService> {
  const configuration = await configurationFor(database);
  const servers = configuration.servers!;
  const failures: Error[] = [];
  const hear = (error: Error): void => void failures.push(error);
  const ears = { note: () => undefined, failed: hear, lost: hear };
  const shared = await openSharedDatabase(servers);
  const stopping = [() => shared.close()];
  const stop = async (): Promise<void> => {
    for (const one of stopping.splice(0).reverse()) await one();
  };
  try {
    await prepareServers(servers, shared, configuration, () => undefined);
    const starting = [
      startIngestion({ configuration, servers, ...ears }, sources),
      startSearch({ configuration, servers, ...ears }),
    ];
    for (const one of await Promise.allSettled(starting)) {
      if (one.status === 'fulfilled') stopping.push(() => one.value.stop());
    }
    const [ingestion, search] = (await Promise.all(starting)) as [RunningService, RunningService];
    const searchAddress = `127.0.0.1:${/port (\d+)/.exec(search.offers)![1]}`;
    const { providers, close } = await gatewayAdapters({ ...servers, searchAddress }, shared, configuration, ears);
    stopping.push(close);
    const adapterOf = (port: unknown) =>
      providers.map((one) => one as { provide: unknown; useValue: unknown }).find(({ provide }) => provide === port)!
        .useValue;
    await Promise.all([untilReady(ingestion), untilReady(search)]);
    const [bus, queries] = [adapterOf(CommandBus) as CommandBus, adapterOf(MemoryQueries) as MemoryQueries];
    return { bus, queries, failures, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function configurationFor({ url, masterKey }: TestDatabase): Promise<Configuration> {
  const { kafkaBrokers, redisUrl, qdrantUrl, qdrantApiKey } = await sharedServers('kafka', 'redis', 'qdrant');
  return readConfiguration({
    MEMORYSTACK_PROFILE: 'distributed',
    MEMORYSTACK_NAMESPACE: freshNamespace().replace(/-$/, ''),
    MEMORYSTACK_MASTER_KEY: masterKey.toString('base64'),
    MEMORYSTACK_LOG_LEVEL: 'warn',
    MEMORYSTACK_GRPC_PORT: '0',
    DATABASE_URL: url,
    KAFKA_BROKERS: kafkaBrokers.join(),
    REDIS_URL: redisUrl,
    QDRANT_URL: qdrantUrl,
    ...(qdrantApiKey === null ? {} : { QDRANT_API_KEY: qdrantApiKey }),
  });
}

async function untilReady(service: RunningService): Promise<void> {
  for (const endMs = Date.now() + readyLimitMs; Date.now() < endMs; await sleep(50)) {
    if ((await service.ready()).ready) return;
  }
  throw new Error(`A service is not ready after ${readyLimitMs / 1000} s: ${(await service.ready()).detail}`);
}
