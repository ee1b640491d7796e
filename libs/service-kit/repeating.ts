/** Does a work again and again, one time after the other, until it is stopped. */
export class Repeating {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  /**
   * @param work tells after how many milliseconds it wants to be done again
   * @param retryMs when it is done again after it has failed
   * @param failed hears why
   */
  constructor(
    private readonly work: () => Promise<number>,
    private readonly retryMs: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  get isStopping(): boolean {
    return this.timer === null;
  }

  start(): void {
    this.next(0);
  }

  /** Resolves when the work that is under way is done. */
  async stop(): Promise<void> {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    await this.running;
  }

  private next(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.running = this.work()
        .catch((error: unknown) => {
          this.failed(error);
          return this.retryMs;
        })
        .then((nextMs) => {
          if (!this.isStopping) this.next(nextMs);
        });
    }, delayMs).unref();
  }
}
