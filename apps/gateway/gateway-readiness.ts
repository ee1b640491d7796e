import { Injectable } from '@nestjs/common';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Readiness, type ReadyState } from '#libs/service-kit/health.js';

/** Whether the gateway wants requests: it is not stopping, and search can answer. */
@Injectable()
export class GatewayReadiness {
  constructor(
    private readonly queries: MemoryQueries,
    private readonly readiness: Readiness,
  ) {}

  async state(): Promise<ReadyState> {
    if (this.readiness.isDraining) return { ready: false, detail: 'The server is stopping.' };
    const { ready, indexedDocuments } = await this.queries.status();
    if (ready) return { ready: true, detail: 'The server takes requests.' };
    return {
      ready: false,
      detail: `The search index is being loaded: ${indexedDocuments} documents so far.`,
      facts: { indexed_documents: indexedDocuments },
    };
  }
}
