import type { Piscina } from 'piscina';
import { MemoryMining, type MiningFinds, type MiningTask } from '#libs/ports/memory-mining.js';

/** After that the thread ends, and gives back its memory: maintenance comes seldom. */
const idleMs = 30_000;

type Find = MiningFinds[MiningTask['find']];

/** Mines by rules, in a thread of its own that is there while there is something to find. */
export class ThreadedMining extends MemoryMining {
  private thread: Promise<Piscina<MiningTask, Find>> | null = null;

  /** @param file the compiled module of the thread */
  constructor(private readonly file = new URL('./mining-thread.js', import.meta.url)) {
    super();
  }

  override async mine<Task extends MiningTask>(task: Task): Promise<MiningFinds[Task['find']]> {
    this.thread ??= this.start();
    return (await this.thread).run(task) as Promise<MiningFinds[Task['find']]>;
  }

  /** What is being found is given up. */
  async close(): Promise<void> {
    await (await this.thread)?.destroy();
  }

  private async start(): Promise<Piscina<MiningTask, Find>> {
    const { Piscina } = await import('piscina');
    return new Piscina({
      filename: this.file.href,
      ...{ minThreads: 0, maxThreads: 1, idleTimeout: idleMs },
      ...{ recordTiming: false, atomics: 'disabled' },
    });
  }
}
