/** Reports the first failure of an outage, and not each of the thousands that follow it. */
export class Outage {
  private isReported = false;

  /** @param consequence what is done meanwhile, for the person who reads the log */
  constructor(
    private readonly consequence: string,
    private readonly failed: (error: Error) => void,
  ) {}

  began(cause: unknown): void {
    if (this.isReported) return;
    this.isReported = true;
    this.failed(new Error(`Redis: ${reasonOf(cause)}; ${this.consequence}`));
  }

  ended(): void {
    this.isReported = false;
  }
}

/**
 * The sentence of an error and nothing else of it: the client hangs the arguments of the failed command on it, which
 * may be a password. When every address of a host refuses, only the code says what happened.
 */
function reasonOf(cause: unknown): string {
  const { message, code } = cause as { message?: string; code?: string };
  return message || code || String(cause);
}
