/** Longer than this no work goes on while others wait. */
const SLICE_MS = 4;

/** Steps of long work between two looks at the clock. */
const STEPS = 8_192;

/** What long work asks. */
export interface Pauses {
  /** Whether others should have their turn first. */
  isDue(): boolean;
  /** Resolves when it is this work's turn again. */
  next(): Promise<void>;
}

/** The parts of so many steps that may be taken without a look at the clock; `cost` is that of a step. */
export function* inParts(steps: number, cost = 1): Generator<{ first: number; end: number }> {
  const part = Math.ceil(STEPS / cost);
  for (let first = 0; first < steps; first += part) yield { first, end: Math.min(first + part, steps) };
}

/**
 * Shares the event loop of the process: long work asks `isDue` again and again, and when it is, awaits its `next` turn.
 * Between two turns requests and answers are served. Everything that is done in one turn of the loop has one slice
 * together, however many begin in it, and those who wait go on by key in rotation: who has much to do delays nobody by
 * more than a slice.
 */
export class Turns {
  private sliceStartMs = 0;
  /** Set while the present slice counts: until the event loop has been around. */
  private isCounting = false;
  /** Those who wait by key, the key whose turn it is first. */
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly sliceMs = SLICE_MS) {}

  /** For the work of one tenant. */
  of(key: string): Pauses {
    return { isDue: () => this.isDue(), next: () => this.next(key) };
  }

  /** The first to ask in a turn of the loop begins its slice. */
  private isDue(): boolean {
    if (this.isCounting) return performance.now() - this.sliceStartMs >= this.sliceMs;
    this.beginSlice();
    return false;
  }

  private next(key: string): Promise<void> {
    return new Promise((resolve) => {
      const others = this.waiting.get(key);
      if (others) others.push(resolve);
      else this.waiting.set(key, [resolve]);
      if (!this.isCounting) this.beginSlice();
    });
  }

  private beginSlice(): void {
    this.isCounting = true;
    this.sliceStartMs = performance.now();
    setImmediate(() => this.goAround());
  }

  private goAround(): void {
    this.isCounting = false;
    const [first] = this.waiting;
    if (!first) return;
    const [key, those] = first;
    this.waiting.delete(key);
    const resume = those.shift()!;
    if (those.length > 0) this.waiting.set(key, those);
    this.beginSlice();
    resume();
  }
}

/** All indexes of a process share its event loop. */
export const turnsOfProcess = new Turns();
