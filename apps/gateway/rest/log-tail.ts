import { Injectable } from '@nestjs/common';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Readiness } from '#libs/service-kit/health.js';

const waitMs = 5_000;

/** Waits for a tenant's log to grow. Those who wait at the same end of the same log share one question. */
@Injectable()
export class LogTail {
  private readonly waiting = new Map<string, Promise<number>>();

  constructor(
    private readonly queries: MemoryQueries,
    private readonly readiness: Readiness,
  ) {}

  get isEnding(): boolean {
    return this.readiness.isDraining;
  }

  /** Resolves when the log ends beyond `position`, after some seconds, or when the server stops. */
  async grown(tenantId: string, position: number): Promise<void> {
    const key = `${tenantId}/${position}`;
    let growth = this.waiting.get(key);
    if (!growth) {
      growth = this.queries.grown(tenantId, position, waitMs).finally(() => this.waiting.delete(key));
      this.waiting.set(key, growth);
    }
    const { drained } = this.readiness;
    let stop: () => void = () => undefined;
    const ending = new Promise<void>((resolve) => {
      stop = resolve;
      drained.addEventListener('abort', stop);
      if (drained.aborted) resolve();
    });
    try {
      await Promise.race([growth, ending]);
    } finally {
      drained.removeEventListener('abort', stop);
    }
  }
}
