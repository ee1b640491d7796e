import { Schedule } from '#libs/ports/schedule.js';

/** Timers: this process is the only one. */
export class InProcessSchedule extends Schedule {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly failed: (error: Error) => void) {
    super();
  }

  override every(name: string, intervalMs: number, work: () => Promise<void>): void {
    let isRunning = false;
    const timer = setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      const run = this.carryOut(name, work).finally(() => {
        isRunning = false;
        this.running.delete(run);
      });
      this.running.add(run);
    }, intervalMs);
    timer.unref();
    this.timers.push(timer);
  }

  override async stop(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await Promise.all(this.running);
  }

  private async carryOut(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failed(new Error(`${name}: ${(error as Error).message}`, { cause: error }));
    }
  }
}
