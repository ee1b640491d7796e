import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { Schedule } from '#libs/ports/schedule.js';
import { Outage } from './outage.js';
import type { RedisClients } from './redis-client.js';

/** How soon work goes on after Redis has lost what it knew of it. */
const checkEveryMs = 5_000;
/** When Redis is away, an orderly end cannot be had; the connections are closed all the same. */
const endLimitMs = 3_000;
/** BullMQ writes a stream of events that nobody reads. */
const eventsKept = 10;

interface Planned {
  name: string;
  intervalMs: number;
  queue: Queue;
  worker: Worker;
  /** What runs here; BullMQ waits for it too, but not when Redis is away. */
  running: Promise<void>;
}

/**
 * A BullMQ queue for each work, whose job scheduler makes one job an interval; each process has a worker, and one of
 * them gets the job. That all workers together carry out one at a time is a setting of the queue. Jobs hold nothing,
 * and leave nothing behind.
 */
export class RedisSchedule extends Schedule {
  private readonly client: Redis;
  private readonly outage: Outage;
  private readonly planned: Planned[] = [];
  private readonly timer: NodeJS.Timeout;
  private isStopping = false;

  constructor(
    private readonly clients: RedisClients,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    this.client = clients.openPatient('schedule');
    this.outage = new Outage('scheduled work waits until it answers', failed);
    this.timer = setInterval(() => void this.checkAll(), checkEveryMs);
    this.timer.unref();
  }

  override every(name: string, intervalMs: number, work: () => Promise<void>): void {
    const options = { connection: this.client, prefix: this.clients.key('schedule') };
    const queue = new Queue(name, { ...options, streams: { events: { maxLen: eventsKept } } });
    const run = (): Promise<void> => (planned.running = this.carryOut(name, work));
    const worker = new Worker(name, run, { ...options, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } });
    const planned: Planned = { name, intervalMs, queue, worker, running: Promise.resolve() };
    queue.on('error', (error) => this.troubled(error));
    worker.on('error', (error) => this.troubled(error));
    this.planned.push(planned);
    void this.check(planned);
  }

  override async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await Promise.all(this.planned.splice(0).map((planned) => this.end(planned)));
  }

  private async end({ queue, worker, running }: Planned): Promise<void> {
    const orderly = worker.close().then(() => queue.close());
    orderly.catch((error: Error) => this.troubled(error));
    await running;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, endLimitMs)));
    await Promise.race([orderly.catch(() => undefined), limit]);
    clearTimeout(timer);
  }

  private async carryOut(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failed(new Error(`${name}: ${(error as Error).message}`, { cause: error }));
    }
  }

  private async checkAll(): Promise<void> {
    if (this.client.status !== 'ready') return;
    await Promise.all(this.planned.map((planned) => this.check(planned)));
  }

  /** Makes the scheduler where there is none, or one with another interval. Renewing it would put off its next job. */
  private async check({ name, intervalMs, queue }: Planned): Promise<void> {
    try {
      await queue.setGlobalConcurrency(1);
      const known = await queue.getJobScheduler(name);
      if (known?.every !== intervalMs) {
        const opts = { removeOnComplete: true, removeOnFail: true };
        await queue.upsertJobScheduler(name, { every: intervalMs }, { name, opts });
      }
      this.outage.ended();
    } catch (error) {
      this.troubled(error as Error);
    }
  }

  private troubled(error: Error): void {
    if (!this.isStopping) this.outage.began(error);
  }
}
