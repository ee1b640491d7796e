import { type DynamicModule, Module } from '@nestjs/common';
import { Readiness } from '#libs/service-kit/health.js';
import { Authentication } from './access/authentication.js';
import { Callers } from './access/callers.js';
import { Positions } from './access/positions.js';
import { Quotas } from './access/quotas.js';
import { CommandSender } from './commands/command-sender.js';
import { ImportUploads } from './commands/import-uploads.js';
import { JobSender } from './commands/job-sender.js';
import { GatewayOptions } from './gateway-options.js';
import { GatewayReadiness } from './gateway-readiness.js';
import { JobWaiting } from './commands/job-waiting.js';
import { AutoMaintenanceController } from './rest/auto-maintenance.controller.js';
import { MaintenanceController } from './rest/maintenance.controller.js';
import { AgentMemoriesController } from './rest/agent-memories.controller.js';
import { AgentsController } from './rest/agents.controller.js';
import { BatchController } from './rest/batch.controller.js';
import { BeliefsController } from './rest/beliefs.controller.js';
import { ContextController } from './rest/context.controller.js';
import { Cursors } from './rest/cursors.js';
import { DifferencesController } from './rest/differences.controller.js';
import { EventsController } from './rest/events.controller.js';
import { GraphController } from './rest/graph.controller.js';
import { HandoffsController } from './rest/handoffs.controller.js';
import { HealthController } from './rest/health.controller.js';
import { JobsController } from './rest/jobs.controller.js';
import { ExportsController } from './rest/exports.controller.js';
import { ImportsController } from './rest/imports.controller.js';
import { LineageController } from './rest/lineage.controller.js';
import { MemoriesController } from './rest/memories.controller.js';
import { LogTail } from './rest/log-tail.js';
import { MemoryCreation } from './rest/memory-creation.js';
import { SearchController } from './rest/search.controller.js';
import { StatsController } from './rest/stats.controller.js';
import { WebhooksController } from './rest/webhooks.controller.js';
import { TokenCounter } from './rest/token-counter.js';

/** The front door: who are you, may you, is it well-formed; then one command or one query. Ports come from outside. */
@Module({})
export class GatewayModule {
  static with(options: GatewayOptions): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        SearchController,
        BeliefsController,
        DifferencesController,
        AgentMemoriesController,
        BatchController,
        JobsController,
        ExportsController,
        ImportsController,
        MemoriesController,
        LineageController,
        AgentsController,
        HandoffsController,
        ContextController,
        MaintenanceController,
        AutoMaintenanceController,
        StatsController,
        GraphController,
        EventsController,
        WebhooksController,
        HealthController,
      ],
      providers: [
        { provide: GatewayOptions, useValue: options },
        MemoryCreation,
        { provide: TokenCounter, useFactory: () => new TokenCounter() },
        Authentication,
        Callers,
        Positions,
        Quotas,
        LogTail,
        CommandSender,
        JobWaiting,
        JobSender,
        ImportUploads,
        Cursors,
        Readiness,
        GatewayReadiness,
      ],
    };
  }
}
