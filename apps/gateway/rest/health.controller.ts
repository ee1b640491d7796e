import { Controller, Get } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { probes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Readiness } from '#libs/service-kit/health.js';
import { GatewayReadiness } from '../gateway-readiness.js';

/** Probes, outside the API path and without a key. */
@Controller()
export class HealthController {
  constructor(
    private readonly queries: MemoryQueries,
    private readonly readiness: Readiness,
    private readonly gateway: GatewayReadiness,
  ) {}

  /** The process runs. It asks nothing else, or a slow store would have the process killed. */
  @Get('livez')
  @RouteSchema(probes.live)
  live() {
    return { success: true, status: 'ok' };
  }

  @Get('readyz')
  @RouteSchema(probes.ready)
  async ready() {
    const { ready, detail, facts } = await this.gateway.state();
    if (!ready) throw new ServiceError('overloaded', detail, facts);
    return { success: true, status: 'ok' };
  }

  @Get('health')
  @RouteSchema(probes.health)
  async health() {
    const { ready, indexedDocuments, parkedStreams } = await this.queries.status();
    const status = this.readiness.isDraining ? 'stopping' : ready ? 'ok' : 'starting';
    return { success: true, status, indexed_documents: indexedDocuments, parked_streams: parkedStreams };
  }
}
