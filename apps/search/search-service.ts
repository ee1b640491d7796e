import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { searchAdapters } from '#libs/profiles/distributed.profile.js';
import { openSharedDatabase } from '#libs/profiles/shared-database.js';
import { AdaptersModule } from '#libs/service-kit/adapters.module.js';
import { Readiness } from '#libs/service-kit/health.js';
import { createLogger, NestLog } from '#libs/service-kit/logging.js';
import type { RunningService, ServiceStart } from '#libs/service-kit/run-service.js';
import { startQueriesGrpc } from './grpc/queries-grpc.js';
import { FeedProjectors } from './projectors/feed-projectors.js';
import { SharedSearchModule } from './search.module.js';

@Module({})
class SearchRoot {}

/** The read side as a service of its own: projections of the log, and answers by gRPC for gateways. */
export async function startSearch({ configuration, servers, ...ears }: ServiceStart): Promise<RunningService> {
  const database = await openSharedDatabase(servers);
  const adapters = await searchAdapters(servers, database, ears);
  const application = await NestFactory.createApplicationContext(
    { module: SearchRoot, imports: [AdaptersModule.with(adapters.providers), SharedSearchModule] },
    { logger: new NestLog(createLogger(configuration.logLevel)), abortOnError: false },
  );
  const queries = application.get(MemoryQueries, { strict: false });
  const projectors = application.get(FeedProjectors, { strict: false });
  const readiness = new Readiness();
  const grpc = await startQueriesGrpc(queries, {
    host: configuration.host,
    port: configuration.grpcPort!,
    isDraining: () => readiness.isDraining,
    failed: (error) => ears.failed(error as Error),
  });
  return {
    offers: `gRPC for gateways at port ${grpc.port}`,
    ready: async () =>
      projectors.isFollowing()
        ? { ready: true, detail: 'Questions are answered.' }
        : { ready: false, detail: 'The groups of the projections have not taken this process in yet.' },
    startDraining: () => readiness.startDraining(),
    stop: async () => {
      await grpc.stop();
      await application.close();
      await adapters.close();
      await database.close();
    },
  };
}
