import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { maintenanceAdapters } from '#libs/profiles/distributed.profile.js';
import { openSharedDatabase } from '#libs/profiles/shared-database.js';
import { AdaptersModule } from '#libs/service-kit/adapters.module.js';
import { createLogger, NestLog } from '#libs/service-kit/logging.js';
import type { RunningService, ServiceStart } from '#libs/service-kit/run-service.js';
import { MaintenanceModule } from './maintenance.module.js';

@Module({})
class MaintenanceRoot {}

/** Work that is due by the clock and work that takes long, as a service of its own. */
export async function startMaintenance({ configuration, servers, ...ears }: ServiceStart): Promise<RunningService> {
  const database = await openSharedDatabase(servers);
  const adapters = await maintenanceAdapters(servers, database, configuration, ears);
  const application = await NestFactory.createApplicationContext(
    { module: MaintenanceRoot, imports: [AdaptersModule.with(adapters.providers), MaintenanceModule] },
    { logger: new NestLog(createLogger(configuration.logLevel)), abortOnError: false },
  );
  return {
    offers: 'does what is due by the clock, and jobs',
    ready: async () => ({ ready: true, detail: 'Scheduled work and jobs run.' }),
    startDraining: () => undefined,
    stop: async () => {
      await application.close();
      await adapters.close();
      await database.close();
    },
  };
}
