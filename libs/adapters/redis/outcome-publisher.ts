import { setImmediate } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Outage } from './outage.js';

const perPipeline = 500;
const retryEveryMs = 500;

/** What is kept while Redis is away. Without an outcome its caller is answered 202, so losing one costs little. */
const mostOwed = 20_000;
const mostOwedBytes = 64 * 1024 * 1024;

export interface Published {
  commandId: string;
  key: string;
  sealed: Buffer;
  /** On the clock of `performance.now()`. */
  keptUntilMs: number;
}

/**
 * Writes outcomes and wakes those who wait for them. All that is published in one turn of the event loop goes out
 * together, with one message that lists the ids. What cannot be written is kept and tried again until it is too old,
 * or until newer ones need its place.
 */
export class OutcomePublisher {
  private fresh = new Map<string, Published>();
  private readonly owed = new Map<string, Published>();
  private owedBytes = 0;
  private isRetrying = false;
  private sending: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: Redis,
    private readonly channel: string,
    private readonly outage: Outage,
  ) {
    this.timer = setInterval(() => void this.retry(), retryEveryMs);
    this.timer.unref();
    client.on('ready', () => void this.retry());
  }

  /** Resolves after the first try, however it ended. */
  publish(published: Published): Promise<void> {
    this.fresh.set(published.commandId, published);
    this.sending ??= this.sendFresh();
    return this.sending;
  }

  /** One more try for what is owed; what fails then is lost, and its caller will ask again. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.sending;
    await this.retry();
  }

  private async sendFresh(): Promise<void> {
    await setImmediate();
    const batch = [...this.fresh.values()];
    this.fresh = new Map();
    this.sending = null;
    for (let start = 0; start < batch.length; start += perPipeline) {
      await this.send(batch.slice(start, start + perPipeline));
    }
  }

  private async retry(): Promise<void> {
    if (this.isRetrying || this.client.status !== 'ready') return;
    this.isRetrying = true;
    let isAnswering = true;
    while (isAnswering && this.owed.size > 0) {
      const batch = [...this.owed.values()].slice(0, perPipeline);
      isAnswering = await this.send(batch);
      if (isAnswering) for (const { commandId } of batch) this.forget(commandId);
    }
    this.isRetrying = false;
  }

  private async send(batch: readonly Published[]): Promise<boolean> {
    const nowMs = performance.now();
    const valid = batch.filter(({ keptUntilMs }) => keptUntilMs > nowMs);
    if (valid.length === 0) return true;
    try {
      const pipeline = this.client.pipeline();
      for (const { key, sealed, keptUntilMs } of valid) {
        pipeline.set(key, sealed, 'PX', Math.ceil(keptUntilMs - nowMs));
      }
      // After the values, on the same connection: who hears of an outcome finds it.
      pipeline.publish(this.channel, valid.map(({ commandId }) => commandId).join(' '));
      const failure = (await pipeline.exec())?.find(([error]) => error !== null);
      if (failure) throw failure[0]!;
      this.outage.ended();
      return true;
    } catch (error) {
      this.outage.began(error);
      for (const published of valid) this.owe(published);
      return false;
    }
  }

  private owe(published: Published): void {
    // One that fails again keeps its place: the first in the map is the oldest.
    if (this.owed.has(published.commandId)) return;
    this.owed.set(published.commandId, published);
    this.owedBytes += published.sealed.length;
    for (const oldest of this.owed.keys()) {
      if (this.owed.size <= mostOwed && this.owedBytes <= mostOwedBytes) return;
      this.forget(oldest);
    }
  }

  private forget(commandId: string): void {
    const known = this.owed.get(commandId);
    if (!known) return;
    this.owed.delete(commandId);
    this.owedBytes -= known.sealed.length;
  }
}
