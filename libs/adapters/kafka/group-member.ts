import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from './kafka-client.js';
import { Watermark } from './watermark.js';

const heartbeatMs = 1_000;
const storeOffsetsMs = 250;
const roomPollMs = 5;
/** A broker that is away cannot be told that this process goes: it will notice. */
const farewellLimitMs = 8_000;
const retryDelayMs = { first: 100, longest: 2_000 };

export interface GroupMemberOptions {
  topic: string;
  groupId: string;
  /** Partitions worked on side by side. */
  concurrency: number;
  /** A batch failed and is tried again. */
  failed: (error: Error) => void;
  /** The group let this process go for good: it must end, and be started again by whoever runs it. */
  lost: (error: Error) => void;
}

/** One process of a consumer group. Offsets are stored when a batch is done, never before. */
export class GroupMember {
  private readonly consumer: Consumer;
  private joined = false;
  /** Of each partition, how far everything is done; only for records that are worked on side by side. */
  private readonly watermarks = new Map<number, Watermark>();
  private storing: NodeJS.Timeout | null = null;
  private underWay = 0;
  private isStopping = false;

  constructor(
    kafka: Kafka,
    private readonly options: GroupMemberOptions,
    settings: Partial<ConsumerConfig> = {},
  ) {
    this.consumer = kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 15_000,
      rebalanceTimeout: 20_000,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      retry: patiently,
      ...settings,
    });
    this.consumer.on('consumer.group_join', () => {
      this.joined = true;
      // Whatever was under way is read again from the stored offsets, here or elsewhere.
      this.watermarks.clear();
    });
    this.consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
      this.joined = false;
      if (!restart) options.lost(error);
    });
  }

  get isJoined(): boolean {
    return this.joined;
  }

  /** @param work resolves when the batch is done for good; it is called again, with delays, while it rejects */
  async run(work: (payload: EachBatchPayload) => Promise<void>): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [this.options.topic], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency,
      eachBatch: (payload) => this.untilDone(payload, work),
    });
  }

  /**
   * Hands over each record as it comes, up to `mostUnderWay` at once, in the order of its partition. The offset that is
   * stored is that of the first record whose work has not ended, so one that takes long keeps nobody waiting.
   * @param work never rejects; resolves to whether it is done, or has to be done by whoever reads the partition next
   */
  async runEach(work: (message: KafkaMessage) => Promise<boolean>, mostUnderWay: number): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [this.options.topic], fromBeginning: true });
    this.storing = setInterval(() => void this.storeOffsets(), storeOffsetsMs);
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency,
      eachBatch: async ({ batch, heartbeat, resolveOffset, isRunning, isStale }) => {
        const watermark = this.watermarks.get(batch.partition) ?? new Watermark();
        this.watermarks.set(batch.partition, watermark);
        for (const message of batch.messages) {
          while (this.underWay >= mostUnderWay) {
            await sleep(roomPollMs);
            await heartbeat();
          }
          if (this.isStopping || !isRunning() || isStale()) return;
          this.underWay += 1;
          watermark.begin(BigInt(message.offset));
          resolveOffset(message.offset);
          void work(message).then((isDone) => {
            this.underWay -= 1;
            if (isDone) watermark.end(BigInt(message.offset));
          });
        }
        await heartbeat();
      },
    });
  }

  /** @param settled what must end before the group learns how far this process came */
  async stop(settled: () => Promise<void> = async () => undefined): Promise<void> {
    this.isStopping = true;
    await settled();
    if (this.storing) clearInterval(this.storing);
    // While the consumer still runs: afterwards it has no group to tell.
    await endedOrLate(this.storeOffsets().then(() => this.consumer.disconnect()));
  }

  /** Outside of `eachBatch`, where a failure would end the consumer: offsets that are not stored are only read again. */
  private async storeOffsets(): Promise<void> {
    const { topic } = this.options;
    const offsets = [...this.watermarks].flatMap(([partition, watermark]) => {
      const next = watermark.takeNext();
      return next === null ? [] : [{ topic, partition, offset: next.toString() }];
    });
    if (offsets.length > 0) await this.consumer.commitOffsets(offsets).catch(this.options.failed);
  }

  private async untilDone(
    payload: EachBatchPayload,
    work: (payload: EachBatchPayload) => Promise<void>,
  ): Promise<void> {
    const { batch, heartbeat, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale } = payload;
    // A member that was let go learns it when it stores the offset; until then nothing here may throw past the runner.
    const beating = setInterval(() => void heartbeat().catch(() => undefined), heartbeatMs);
    try {
      for (let delayMs = retryDelayMs.first; isRunning() && !isStale();) {
        try {
          await work(payload);
          resolveOffset(batch.lastOffset());
          const partition = { partition: batch.partition, offset: (BigInt(batch.lastOffset()) + 1n).toString() };
          await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [partition] }] });
          return;
        } catch (error) {
          if (isGroupMatter(error)) throw error;
          this.options.failed(error as Error);
          await sleep(delayMs);
          delayMs = Math.min(delayMs * 2, retryDelayMs.longest);
        }
      }
    } finally {
      clearInterval(beating);
    }
  }
}

async function endedOrLate(farewell: Promise<void>): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const late = sleep(farewellLimitMs, undefined, { signal }).catch(() => undefined);
  await Promise.race([farewell, late]).finally(() => waiting.abort());
}

/** The runner itself deals with these: it joins the group again. */
function isGroupMatter(error: unknown): boolean {
  return /^Kafka|Rebalanc/.test((error as Error)?.name ?? '');
}
