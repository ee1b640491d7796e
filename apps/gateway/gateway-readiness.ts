import { Injectable } from '@nestjs/common';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Readiness, type ReadyState } from '#libs/service-kit/health.js';

const takesRequests: ReadyState = { ready: true, detail: 'The server takes requests.' };

/**
 * Whether the gateway wants requests: search could answer once, and it is not stopping. A search service that goes away
 * later does not count: writes need none, reads are told 503, and gateways that all left at once would help nobody.
 */
@Injectable()
export class GatewayReadiness {
  private wasReady = false;

  constructor(
    private readonly queries: MemoryQueries,
    private readonly readiness: Readiness,
  ) {}

  async state(): Promise<ReadyState> {
    if (this.readiness.isDraining) return { ready: false, detail: 'The server is stopping.' };
    if (this.wasReady) return takesRequests;
    const { ready, indexedDocuments } = await this.queries.status();
    this.wasReady = ready;
    if (ready) return takesRequests;
    return {
      ready: false,
      detail: `The search index is being loaded: ${indexedDocuments} documents so far.`,
      facts: { indexed_documents: indexedDocuments },
    };
  }
}
