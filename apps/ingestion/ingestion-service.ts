import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommitOutbox } from '#libs/ports/commit-outbox.js';
import { CommitPublisher } from '#libs/ports/commit-publisher.js';
import type { LogSources } from '#libs/ports/log-writer.js';
import { ingestionAdapters } from '#libs/profiles/distributed.profile.js';
import { openSharedDatabase } from '#libs/profiles/shared-database.js';
import { AdaptersModule } from '#libs/service-kit/adapters.module.js';
import { createLogger, NestLog } from '#libs/service-kit/logging.js';
import { metrics } from '#libs/service-kit/metrics.js';
import type { RunningService, ServiceStart } from '#libs/service-kit/run-service.js';
import { CommandsController } from './commands.controller.js';
import { IngestionModule } from './ingestion.module.js';
import { Relay } from './relay/relay.js';

@Module({})
class IngestionRoot {}

/**
 * The only writer as a service of its own: commands from Kafka, and the relay that brings commits there.
 * @param sources of times and ids, where they must not be those of the clock and of chance
 */
export async function startIngestion(
  { configuration, servers, ...ears }: ServiceStart,
  sources?: LogSources,
): Promise<RunningService> {
  const database = await openSharedDatabase(servers);
  const adapters = await ingestionAdapters(servers, database, configuration, ears, sources);
  const { transport, providers } = adapters;
  const application = await NestFactory.createMicroservice(
    {
      module: IngestionRoot,
      imports: [AdaptersModule.with(providers), IngestionModule],
      controllers: [CommandsController],
    },
    { strategy: transport, logger: new NestLog(createLogger(configuration.logLevel)), abortOnError: false },
  );
  const relay = new Relay(application.get(CommitOutbox), application.get(CommitPublisher), {
    published: (commits, lag) => {
      metrics.relayPublished.inc(commits);
      metrics.relayLag.set(lag);
    },
    failed: (error) => {
      metrics.relayFailures.inc();
      ears.failed(error);
    },
  });
  relay.start();
  await application.listen();
  return {
    offers: 'takes commands and relays the log',
    ready: async () =>
      transport.isJoined
        ? { ready: true, detail: 'Commands are taken.' }
        : { ready: false, detail: 'The group of ingestion has not taken this process in yet.' },
    startDraining: () => undefined,
    stop: async () => {
      await application.close();
      // After the last command, so that its commits are on their way too.
      await relay.stop();
      await adapters.close();
      await database.close();
    },
  };
}
