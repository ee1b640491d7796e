import { InTurn } from '#libs/ports/in-turn.js';
import type { IndexGeneration, IndexGenerations } from '#libs/ports/index-generations.js';
import { type EmbeddedIndex, ServedIndex } from '#libs/ports/served-index.js';

/** What stands behind a generation of the index, in this process. */
export interface OpenIndex extends EmbeddedIndex {
  close(): Promise<void>;
}

/** What generations are made of in a profile. */
export interface IndexMaker {
  open(generation: IndexGeneration): Promise<OpenIndex>;
  /** Removes what a generation that nobody writes consisted of. @param models those whose vectors are still of use */
  remove(generation: number, models: readonly string[]): Promise<void>;
}

const closeAfterMs = 10_000;
const removeAfterSeconds = 60;

/** The indexes that this process writes and asks, as `IndexGenerations` tells which there are. */
export class OpenIndexes extends ServedIndex {
  private readonly opened = new Map<number, OpenIndex>();
  private readonly listeners = new Set<() => void>();
  private readonly refreshing = new InTurn();
  private active: OpenIndex | null = null;
  private stopListening: (() => void) | null = null;

  /** @param failed hears when a generation that does not answer yet could not be opened; the next change tries again */
  constructor(
    private readonly generations: IndexGenerations,
    private readonly maker: IndexMaker,
    private readonly failed: (error: Error) => void,
  ) {
    super();
  }

  /** @throws Error when the index that is to answer cannot be opened, or when none was ever wanted */
  async start(): Promise<void> {
    await this.refresh();
    this.stopListening = this.generations.onChange(() => void this.refresh().catch(this.failed));
  }

  async stop(): Promise<void> {
    this.stopListening?.();
    await this.refreshing.idle();
    await Promise.all(Array.from(this.opened.values(), (index) => index.close()));
    this.opened.clear();
  }

  override get now(): EmbeddedIndex {
    if (this.active === null) throw new Error('No search index was opened.');
    return this.active;
  }

  /** By generation, from old to new. */
  get written(): readonly OpenIndex[] {
    return [...this.opened.values()].sort((left, right) => left.generation - right.generation);
  }

  /** `changed` is called whenever another index answers, or others are written. @returns ends it */
  onChange(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  /** Removes what generations consisted of that nobody has written for so long that nobody can be asking them. */
  async removeRetired(sinceSeconds = removeAfterSeconds): Promise<number> {
    const retired = await this.generations.retired(sinceSeconds);
    for (const { id } of retired) {
      await this.maker.remove(
        id,
        this.written.map(({ embedder }) => embedder.model),
      );
      await this.generations.removed(id);
    }
    return retired.length;
  }

  /** Takes over what the generations are now. */
  refresh(): Promise<void> {
    return this.refreshing.run('', async () => {
      const known = await this.generations.known();
      if (known === null) throw new Error('There is no search index yet: run `prepare` first.');
      for (const generation of known.generations) {
        if (this.opened.has(generation.id)) continue;
        const opening = this.maker.open(generation).then((index) => this.opened.set(generation.id, index));
        await (generation.id === known.active ? opening : opening.catch(this.failed));
      }
      this.active = this.opened.get(known.active) ?? this.active;
      const ids = new Set(known.generations.map(({ id }) => id));
      const ended = this.written.filter(({ generation }) => !ids.has(generation));
      for (const { generation } of ended) this.opened.delete(generation);
      for (const changed of this.listeners) changed();
      // Searches that began before the change end within seconds; what they ask must not be gone.
      for (const index of ended) setTimeout(() => void index.close().catch(this.failed), closeAfterMs).unref();
    });
  }
}
