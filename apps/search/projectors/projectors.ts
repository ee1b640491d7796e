import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, Logger } from '@nestjs/common';
import { LogReader } from '#libs/ports/log-reader.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';
import { watchProjections } from '#libs/service-kit/metrics.js';

const retryDelayMs = 1_000;

/** Starts the projectors with the application, and stops them after the last request was answered. */
@Injectable()
export class Projectors implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('projectors');
  private stopping = false;
  private readonly listening: (() => void)[] = [];

  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly follower: ProjectionFollower,
  ) {}

  /** Does not wait: the server listens while the search index fills, and `/readyz` tells when it is done. */
  onApplicationBootstrap(): void {
    this.listening.push(
      this.log.onGrowth((tenantId, position) => this.follower.notify(tenantId, position)),
      this.store.onLoss(() => this.follower.recheck()),
      watchProjections(this.follower),
    );
    void this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const stop of this.listening) stop();
    await this.follower.stop();
  }

  private async start(): Promise<void> {
    const startedMs = performance.now();
    while (!this.stopping) {
      try {
        await this.follower.start();
        const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
        this.logger.log(`search index ready: ${this.follower.indexedDocuments()} documents in ${seconds} s`);
        return;
      } catch (error) {
        this.logger.error(`the projectors could not start and try again: ${(error as Error).message}`);
        await setTimeout(retryDelayMs);
      }
    }
  }
}
