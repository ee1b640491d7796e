import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, Logger } from '@nestjs/common';
import { LogReader } from '#libs/ports/log-reader.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';

/** Starts the projectors with the application, and stops them after the last request was answered. */
@Injectable()
export class Projectors implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('projectors');
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly log: LogReader,
    private readonly follower: ProjectionFollower,
  ) {}

  /** Does not wait: the server listens while the search index fills, and `/readyz` tells when it is done. */
  onApplicationBootstrap(): void {
    this.stopListening = this.log.onGrowth((tenantId, position) => this.follower.notify(tenantId, position));
    void this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopListening();
    await this.follower.stop();
  }

  private async start(): Promise<void> {
    const startedMs = performance.now();
    try {
      await this.follower.start();
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      this.logger.log(`search index ready: ${this.follower.indexedDocuments()} documents in ${seconds} s`);
    } catch (error) {
      this.logger.error(`the projectors could not start: ${(error as Error).message}`);
    }
  }
}
