import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CommandHandler } from '#apps/ingestion/command-handler.js';
import { IngestionModule } from '#apps/ingestion/ingestion.module.js';
import { MaintenanceModule } from '#apps/maintenance/maintenance.module.js';
import { SearchModule } from '#apps/search/search.module.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import type { Profile } from '#libs/profiles/standalone.profile.js';
import { AdaptersModule } from '#libs/service-kit/adapters.module.js';

/** Gateway, ingestion, search and maintenance in one process: commands and queries are direct calls. */
@Global()
@Module({})
export class StandaloneModule {
  static with({ providers, commandBus }: Profile): DynamicModule {
    const bus = {
      provide: CommandBus,
      useFactory: (handler: CommandHandler) => commandBus((envelope) => handler.handle(envelope)),
      inject: [CommandHandler],
    };
    return {
      module: StandaloneModule,
      global: true,
      imports: [AdaptersModule.with(providers), IngestionModule, SearchModule, MaintenanceModule],
      providers: [bus],
      exports: [CommandBus, SearchModule],
    };
  }
}
