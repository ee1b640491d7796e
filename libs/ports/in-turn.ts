/** Work with the same key runs one after another, in the order it was given; other work runs side by side. */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  /** What `work` gives, or rejects with. Work that failed does not keep the next from its turn. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const previous = this.last.get(key);
    const current = previous ? previous.then(work, work) : work();
    this.last.set(key, current);
    const forget = (): void => {
      if (this.last.get(key) === current) this.last.delete(key);
    };
    current.then(forget, forget);
    return current;
  }

  /** Resolves when all that was given so far, and meanwhile, has ended. */
  async idle(): Promise<void> {
    while (this.last.size > 0) await Promise.allSettled(this.last.values());
  }
}
