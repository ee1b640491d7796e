import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type FillingState, IndexGenerations } from '#libs/ports/index-generations.js';
import { Leadership } from '#libs/ports/leadership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { FillProgress } from '#libs/projections/fill-progress.js';
import { OpenIndexes } from '#libs/projections/open-indexes.js';
import { Repeating } from '#libs/service-kit/repeating.js';
import { compareIndexes, isGoodEnough } from './index-comparison.js';

const lookEveryMs = 500;
/** A look asks something of every tenant: with many of them it may take this share of the time, and no more. */
const lookingShare = 0.1;
const tellEveryMs = 5_000;
/** How long one can go back to the index that answered before. */
const keepPreviousMs = 24 * 60 * 60 * 1000;

/**
 * Brings a new generation of the search index to answer: waits until it is filled, compares it with the one that
 * answers, and switches. What nobody needs any more is removed. One process at a time does so.
 */
@Injectable()
export class Succession implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('search index');
  private readonly looking = new Repeating(
    () => this.look(),
    lookEveryMs,
    (error) => this.logger.error(error),
  );
  private toldMs = -Infinity;

  constructor(
    private readonly generations: IndexGenerations,
    private readonly indexes: OpenIndexes,
    private readonly progress: FillProgress,
    private readonly leadership: Leadership,
    private readonly log: LogReader,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looking.stop();
  }

  /** @returns after how many milliseconds to look again */
  private async look(): Promise<number> {
    const startedMs = performance.now();
    const known = await this.generations.known();
    if (known === null || !(await this.leadership.leads('search index'))) return lookEveryMs;
    const filling = known.generations.find(({ state }) => state === 'filling');
    if (filling) await this.advance(filling.id);
    const ageMs = Date.now() - Date.parse(known.activeSince);
    if (!filling && known.previous !== null && ageMs > keepPreviousMs) await this.generations.retirePrevious();
    const removed = await this.indexes.removeRetired();
    if (removed > 0) this.logger.log(`removed ${removed} search indexes that nobody needs any more`);
    return Math.max(lookEveryMs, (performance.now() - startedMs) / lookingShare);
  }

  private async advance(id: number): Promise<void> {
    const made = this.indexes.written.find(({ generation }) => generation === id);
    if (!made) return;
    const { isFilled, ...counts } = await this.progress.filling(id);
    const tenantIds = (await this.log.heads()).map(({ tenantId }) => tenantId);
    let unread = 0;
    for (const tenantId of tenantIds) unread += await made.index.unreadCount(tenantId);
    await this.tell(id, { ...counts, unread }, isFilled);
    if (!isFilled || unread > 0) return;
    const comparison = await compareIndexes(this.indexes.now, made, tenantIds);
    await this.generations.compared(id, comparison);
    const { questions, foundBefore, foundAfter, shared } = comparison;
    const outcome = `of ${questions} questions it answers ${foundAfter}, the one before it ${foundBefore}; ${Math.round(100 * shared)} % of the results are the same`;
    if (isGoodEnough(comparison)) {
      await this.generations.activate(id);
      this.logger.log(`search index ${id} answers from now on: ${outcome}`);
      this.logger.log('`npm run search-index -- rollback` goes back to the one before it, for a day');
    } else {
      await this.generations.reject(id);
      this.logger.error(`search index ${id} was made and is given up: ${outcome}`);
    }
  }

  private async tell(id: number, state: FillingState, isFilled: boolean): Promise<void> {
    await this.generations.progressed(id, state);
    if (performance.now() - this.toldMs < tellEveryMs && !isFilled) return;
    this.toldMs = performance.now();
    const { documents, expected, unread } = state;
    const waiting = unread > 0 ? `; ${unread} of them wait for the embedder` : '';
    this.logger.log(`search index ${id} is made: ${documents} of ${expected} documents${waiting}`);
  }
}
