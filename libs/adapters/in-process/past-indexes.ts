import { setTimeout as sleep } from 'node:timers/promises';
import { InTurn } from '#libs/ports/in-turn.js';
import { PastIndexes, PastIndexNotReady } from '#libs/ports/past-indexes.js';
import type { PastMemories } from '#libs/ports/past-memories.js';
import type { ServedIndex } from '#libs/ports/served-index.js';
import type { SearchIndex } from '#libs/ports/search-index.js';
import { InProcessSearchIndex } from './search-index.js';

/** What is kept of days that were asked for. */
export interface PastIndexesOptions {
  /** Documents of all the indexes together; the one that was used last stays even where it alone has more. */
  mostDocuments: number;
  mostIndexes: number;
  /** How long a call waits for an index that is being made. */
  patienceMs: number;
}

const standardOptions: PastIndexesOptions = { mostDocuments: 200_000, mostIndexes: 32, patienceMs: 5_000 };

const documentsPerPage = 500;
/** An index is brought to another day where that rewrites at most this share of it; otherwise both days are kept. */
const largestMove = 0.25;
/** An erasure while an index is made makes it begin again. */
const mostAttempts = 5;

/** The index of one day. */
interface Day {
  /** Whose embedder its vectors are of. */
  generation: number;
  tenantId: string;
  position: number;
  /** Null until it is made. */
  made: { index: InProcessSearchIndex; documents: number; remaining: number } | null;
  making: Promise<void>;
  users: number;
}

/**
 * Indexes in the memory of this process, whichever index the present has: the same documents give the same answers from
 * every one. A new day is made from the nearest one that nobody uses, or from nothing.
 */
export class InProcessPastIndexes extends PastIndexes {
  /** From the one that was used longest ago to the one that was used last. */
  private days: Day[] = [];
  private readonly makings = new InTurn();
  private readonly options: PastIndexesOptions;

  constructor(
    private readonly past: PastMemories,
    private readonly served: ServedIndex,
    options: Partial<PastIndexesOptions> = {},
  ) {
    super();
    this.options = { ...standardOptions, ...options };
  }

  override async use<Result>(
    tenantId: string,
    position: number,
    work: (index: SearchIndex) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const day = this.dayOf(tenantId, position);
      const isNew = day.made === null;
      day.users += 1;
      try {
        await this.isMade(day);
        // One that was there may hold what was erased since.
        if (isNew || (await this.isWhole(day))) return await work(day.made!.index);
      } finally {
        day.users -= 1;
        this.makeRoom();
      }
      this.drop(day);
    }
    throw new PastIndexNotReady(1);
  }

  /** How much is kept. */
  get size(): { indexes: number; documents: number } {
    return { indexes: this.days.length, documents: this.documents };
  }

  private dayOf(tenantId: string, position: number): Day {
    const { generation } = this.served.now;
    const isIt = (one: Day) => one.tenantId === tenantId && one.position === position && one.generation === generation;
    let day = this.days.find(isIt);
    if (day) this.days = this.days.filter((one) => one !== day);
    else {
      const made: Day = (day = { generation, tenantId, position, made: null, making: Promise.resolve(), users: 0 });
      // One after another, so that a day can be made from the one that was just made.
      made.making = this.makings
        .run(tenantId, () => this.make(made))
        .catch((error: unknown) => {
          this.drop(made);
          throw error;
        });
      // Whoever waits is told; a making that nobody waits for any more may fail in silence.
      made.making.catch(() => undefined);
    }
    this.days.push(day);
    return day;
  }

  private async isMade({ making }: Day): Promise<void> {
    const isOver = new AbortController();
    const patience = sleep(this.options.patienceMs, undefined, { signal: isOver.signal }).then(
      () => Promise.reject(new PastIndexNotReady(Math.ceil(this.options.patienceMs / 1_000))),
      () => undefined,
    );
    await Promise.race([making, patience]).finally(() => isOver.abort());
  }

  private async isWhole({ tenantId, position, made }: Day): Promise<boolean> {
    return (await this.past.remaining(tenantId, position)) === made!.remaining;
  }

  private async make(day: Day): Promise<void> {
    const { tenantId, position } = day;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const remaining = await this.past.remaining(tenantId, position);
      const index = (await this.moved(day)) ?? (await this.filled(tenantId, position));
      // Nothing was erased while the pages were read: they belong together.
      if ((await this.past.remaining(tenantId, position)) !== remaining) continue;
      day.made = { index, remaining, documents: await index.size(tenantId) };
      this.makeRoom();
      return;
    }
    throw new PastIndexNotReady(1);
  }

  private async filled(tenantId: string, position: number): Promise<InProcessSearchIndex> {
    const index = new InProcessSearchIndex(this.served.now.vectors);
    for await (const upsert of this.past.allDocuments(tenantId, position, documentsPerPage))
      await index.apply(tenantId, { upsert, remove: [] });
    return index;
  }

  /** The index of the nearest idle day, brought to this one; null where there is none that is near enough. */
  private async moved({ generation, tenantId, position }: Day): Promise<InProcessSearchIndex | null> {
    const nearest = this.nearestIdle(tenantId, generation, position);
    if (!nearest) return null;
    const { index, documents } = nearest.made!;
    // It stays while we look at what would change.
    nearest.users += 1;
    const span = { from: Math.min(position, nearest.position), to: Math.max(position, nearest.position) };
    const changed = await this.past.changedDocuments(tenantId, span);
    const isNear = changed.length <= documents * largestMove && (await this.isWhole(nearest));
    nearest.users -= 1;
    if (!isNear || nearest.users > 0) return null;
    this.drop(nearest);
    for (let from = 0; from < changed.length; from += documentsPerPage) {
      const ids = changed.slice(from, from + documentsPerPage);
      const upsert = await this.past.documents(tenantId, position, ids);
      const found = new Set(upsert.map(({ id }) => id));
      await index.apply(tenantId, { upsert, remove: ids.filter((id) => !found.has(id)) });
    }
    // What was erased meanwhile was in it before, and is in no page.
    return (await this.past.remaining(tenantId, nearest.position)) === nearest.made!.remaining ? index : null;
  }

  private nearestIdle(tenantId: string, generation: number, position: number): Day | undefined {
    const distance = (day: Day): number => Math.abs(day.position - position);
    const isIdle = (day: Day): boolean => day.made !== null && day.users === 0;
    const idle = this.days.filter((day) => day.tenantId === tenantId && day.generation === generation && isIdle(day));
    return idle.toSorted((left, right) => distance(left) - distance(right))[0];
  }

  private makeRoom(): void {
    const { mostDocuments, mostIndexes } = this.options;
    const used = this.days.at(-1);
    const idle = this.days.filter((day) => day !== used && day.made !== null && day.users === 0);
    while (this.documents > mostDocuments || this.days.length > mostIndexes) {
      const oldest = idle.shift();
      if (!oldest) return;
      this.drop(oldest);
    }
  }

  private get documents(): number {
    return this.days.reduce((sum, { made }) => sum + (made?.documents ?? 0), 0);
  }

  private drop(day: Day): void {
    this.days = this.days.filter((one) => one !== day);
  }
}
