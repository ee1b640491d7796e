type Kind = 'search' | 'change';

const otherThan = { search: 'change', change: 'search' } as const;

/**
 * One piece of work at a time, even where a piece pauses in the middle. Where both wait, searches and changes alternate;
 * among themselves they go in the order they came. So neither starves the other, and no search pauses over a change.
 */
export class Alternation {
  private isBusy = false;
  private readonly waiting: Record<Kind, (() => void)[]> = { search: [], change: [] };

  async run<Result>(kind: Kind, work: () => Result | Promise<Result>): Promise<Result> {
    if (this.isBusy) await new Promise<void>((resolve) => this.waiting[kind].push(resolve));
    this.isBusy = true;
    try {
      return await work();
    } finally {
      this.handOn(otherThan[kind]);
    }
  }

  private handOn(kind: Kind): void {
    const next = this.waiting[kind].shift() ?? this.waiting[otherThan[kind]].shift();
    // Who waits takes over at once: nobody may come between.
    if (next) next();
    else this.isBusy = false;
  }
}
