import { type BackendFactory, type IQueueBackend, Queue, type QueueOptions, Worker } from 'bullmq';
import { Lanes } from '#libs/ports/lanes.js';

const queueName = 'lanes';
const turnsAtOnce = 4;
/** A process that does not renew its lock for this long is taken for dead. */
const lockMs = 10_000;
const lookForStalledMs = 5_000;
/** A lane is not to blame for the processes that died in its turn. */
const stallsForgiven = 1_000_000;
/** When the server is away, an orderly end cannot be had; the connections are closed all the same. */
const endLimitMs = 3_000;
/** BullMQ writes a stream of events that nobody reads. */
const eventsKept = 10;

/** How BullMQ reaches the server that it keeps its jobs on; without a factory that is Redis. */
export interface LaneBackend {
  options: { connection: unknown; prefix?: string };
  factory?: BackendFactory<IQueueBackend, never>;
}

/**
 * A BullMQ job for each lane that has work, whose id is the lane: BullMQ keeps ids apart, gives a job to one worker, and
 * hands it to another when that one stops renewing its lock. A job is removed when its turn ends, and a lane that has
 * more becomes a new one, at the end of the queue.
 */
export class BullLanes extends Lanes {
  private readonly queue: Queue;
  private worker: Worker | null = null;
  private readonly running = new Set<Promise<void>>();
  private isStopping = false;

  /** @param failed told of every error of the server, which is tried again */
  constructor(
    private readonly backend: LaneBackend,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    const options = { ...backend.options, streams: { events: { maxLen: eventsKept } } } as QueueOptions;
    this.queue = new Queue(queueName, options, ...this.factory());
    this.queue.on('error', (error) => this.troubled(error));
  }

  override async put(lane: string): Promise<void> {
    if (this.isStopping) return;
    try {
      await this.queue.add('lane', null, { jobId: lane, removeOnComplete: true, removeOnFail: true });
    } catch (error) {
      this.troubled(error as Error);
    }
  }

  override work(turn: (lane: string) => Promise<void>, hasMore: (lane: string) => Promise<boolean>): void {
    const options = {
      ...this.backend.options,
      concurrency: turnsAtOnce,
      lockDuration: lockMs,
      stalledInterval: lookForStalledMs,
      maxStalledCount: stallsForgiven,
    } as ConstructorParameters<typeof Worker>[2];
    const carryOut = async ({ id }: { id?: string }): Promise<void> => {
      const ending = turn(id!).catch((error: Error) => this.troubled(error));
      this.running.add(ending);
      await ending.finally(() => this.running.delete(ending));
    };
    this.worker = new Worker(queueName, carryOut, options!, ...this.factory());
    this.worker.on('error', (error) => this.troubled(error));
    const goOn = async (lane: string): Promise<void> => {
      if (!this.isStopping && (await hasMore(lane))) await this.put(lane);
    };
    this.worker.on('completed', ({ id }) => void goOn(id!).catch((error: Error) => this.troubled(error)));
  }

  override async stop(): Promise<void> {
    this.isStopping = true;
    const orderly = (async () => {
      await this.worker?.close();
      await this.queue.close();
    })();
    orderly.catch(() => undefined);
    await Promise.all(this.running);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, endLimitMs)));
    await Promise.race([orderly.catch(() => undefined), limit]);
    clearTimeout(timer);
  }

  private factory(): [] | [never] {
    return this.backend.factory ? [this.backend.factory as never] : [];
  }

  private troubled(error: Error): void {
    if (!this.isStopping) this.failed(error);
  }
}
