import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { existsSync } from 'node:fs';
import type { Piscina } from 'piscina';
import { ServiceError } from '#libs/contracts/errors.js';

/** By whose rules tokens are counted. */
export const tokenEncoding = 'o200k_base';
/** Contexts that may wait for the thread; they are read while a prompt is written, not by the thousand. */
const contextsMaxWaiting = 1024;
/** After that it ends, and gives back the memory of its tables. */
const idleMs = 60_000;

type Thread = Piscina<readonly string[], number[]>;

/**
 * Counts tokens by the encoding `o200k_base`, exactly. Its tables are read by the first who asks, in a thread of their
 * own: that takes a third of a second and 80 MB, which neither a start nor a request beside it pays for.
 *
 * A run of letters or of signs without a break costs the square of its length: see `unbroken` in prompt-text.ts.
 */
@Injectable()
export class TokenCounter implements OnApplicationShutdown {
  private thread: Promise<Thread> | null = null;

  /** @param file the compiled module of the thread; where sources are run as they are, it is imported here instead */
  constructor(private readonly file = new URL('./counting-thread.js', import.meta.url)) {}

  /** How many tokens each text has. */
  async count(texts: readonly string[]): Promise<number[]> {
    if (texts.length === 0) return [];
    if (!existsSync(this.file)) return (await import('./counting-thread.js')).default(texts);
    this.thread ??= this.start();
    const thread = await this.thread;
    if (thread.queueSize >= contextsMaxWaiting)
      throw new ServiceError('overloaded', 'Too many contexts are being made.');
    return thread.run(texts);
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.thread)?.destroy();
  }

  private async start(): Promise<Thread> {
    const { Piscina } = await import('piscina');
    return new Piscina({
      filename: this.file.href,
      ...{ minThreads: 0, maxThreads: 1, idleTimeout: idleMs },
      ...{ recordTiming: false, atomics: 'disabled' },
    });
  }
}
