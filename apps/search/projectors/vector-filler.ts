import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EmbedderUnreachable } from '#libs/ports/embedder.js';
import { Leadership } from '#libs/ports/leadership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import type { UnreadText } from '#libs/ports/search-index.js';
import type { EmbeddedIndex } from '#libs/ports/served-index.js';
import { OpenIndexes } from '#libs/projections/open-indexes.js';
import { metrics } from '#libs/service-kit/metrics.js';
import { Repeating } from '#libs/service-kit/repeating.js';

const lookEveryMs = 250;
/** Texts that are embedded together. */
const batchSize = 64;
/** The index follows the log by moments; so long after the last commit of a tenant, nothing new of it comes. */
const settledAfterMs = 30_000;

/** A tenant of an index that was looked at. */
interface Look {
  position: number;
  sinceMs: number;
  unread: number;
}

/**
 * Has the embedder read what came into an index without waiting for it: batch by batch, tenant by tenant, so that a
 * tenant with much to read does not hold up the others. One process at a time does so.
 */
@Injectable()
export class VectorFiller implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('embedder');
  private readonly looks = new Map<number, Map<string, Look>>();
  /** Until when the embedder of an index is left alone, by generation. */
  private readonly away = new Map<number, number>();
  private readonly looking = new Repeating(
    () => this.look(),
    lookEveryMs,
    (error) => this.logger.error(error),
  );

  constructor(
    private readonly indexes: OpenIndexes,
    private readonly log: LogReader,
    private readonly leadership: Leadership,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looking.stop();
  }

  /** @returns after how many milliseconds to look again */
  private async look(): Promise<number> {
    const slow = this.indexes.written.filter(({ embedder }) => !embedder.isInstant);
    if (slow.length === 0 || !(await this.leadership.leads('embedding'))) return lookEveryMs;
    const heads = await this.log.heads();
    let read = 0;
    for (const index of slow) {
      // Each has an embedder of its own: one that is away must not keep the others waiting.
      if ((this.away.get(index.generation) ?? 0) > performance.now()) continue;
      read += await this.readSome(index, heads).catch((error: unknown) => this.leaveAlone(index, error));
    }
    metrics.embeddingBacklog.set(this.backlog());
    return read > 0 ? 0 : lookEveryMs;
  }

  /** @throws whatever is not about the embedder */
  private leaveAlone({ generation }: EmbeddedIndex, error: unknown): number {
    if (!(error instanceof EmbedderUnreachable)) throw error;
    metrics.embeddingFailures.inc();
    if (!this.away.has(generation)) {
      this.logger.error(`${error.message} Texts are found by their words meanwhile.`);
      if (error.cause instanceof Error) this.logger.error(error.cause);
    }
    this.away.set(generation, performance.now() + error.retryAfterSeconds * 1000);
    return 0;
  }

  /** A batch of every tenant that has something to read. */
  private async readSome(
    index: EmbeddedIndex,
    heads: readonly { tenantId: string; position: number }[],
  ): Promise<number> {
    const looks = this.looks.get(index.generation) ?? new Map<string, Look>();
    this.looks.set(index.generation, looks);
    let read = 0;
    for (const { tenantId, position } of heads) {
      const last = looks.get(tenantId);
      const isSettled = last?.position === position && performance.now() - last.sinceMs > settledAfterMs;
      if ((isSettled && last.unread === 0) || this.looking.isStopping) continue;
      const sinceMs = last?.position === position ? last.sinceMs : performance.now();
      looks.set(tenantId, { position, sinceMs, unread: await index.index.unreadCount(tenantId) });
      // What is at a provider's batch endpoint comes from there.
      const texts = await index.index.unread(tenantId, batchSize, await index.vectors.expected(tenantId));
      if (texts.length === 0) continue;
      await this.read(index, tenantId, texts);
      read += texts.length;
      looks.set(tenantId, { position, sinceMs, unread: await index.index.unreadCount(tenantId) });
    }
    return read;
  }

  private async read(
    { generation, index, embedder, vectors }: EmbeddedIndex,
    tenantId: string,
    texts: readonly UnreadText[],
  ) {
    // Another index, or another document, may have had it read since.
    const known = await vectors.known(
      tenantId,
      texts.map(({ text }) => text),
    );
    // Before the embedder is asked, which may be away.
    const old = texts.flatMap((text, at) => (known[at] ? [{ ...text, vector: known[at] }] : []));
    if (old.length > 0) await index.learn(tenantId, old);
    const isNew = texts.filter((_, at) => known[at] === null);
    if (isNew.length === 0) return;
    const embedded = await embedder.embed(
      isNew.map(({ text }) => text),
      'document',
    );
    if (this.away.delete(generation)) this.logger.log('the embedder answers again');
    metrics.embeddedTexts.inc(isNew.length);
    const learned = isNew.map((text, at) => ({ ...text, vector: embedded[at]! }));
    await vectors.keep(tenantId, learned);
    await index.learn(tenantId, learned);
  }

  private backlog(): number {
    const written = new Set(this.indexes.written.map(({ generation }) => generation));
    let backlog = 0;
    for (const [generation, looks] of this.looks) {
      if (!written.has(generation)) {
        this.looks.delete(generation);
        this.away.delete(generation);
      } else for (const { unread } of looks.values()) backlog += unread;
    }
    return backlog;
  }
}
