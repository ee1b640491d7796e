import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitOutbox, OutboxCommit } from '#libs/ports/commit-outbox.js';
import type { CommitPublisher } from '#libs/ports/commit-publisher.js';
import { commitTraceparent } from '#libs/service-kit/commit-traces.js';

/** A Kafka batch holds the records of one partition and may not outgrow the topic's limit. */
const bytesPerPartition = 900_000;
const commitsPerPublish = 2_000;
/** Finds what no notification told of, and partitions whose holder is gone. */
const lookAgainMs = 500;
const retryDelayMs = { first: 100, longest: 2_000 };

export interface RelayReport {
  published(commits: number, lag: number): void;
  /** Nothing could be published now; it is tried again. */
  failed(error: Error): void;
}

/**
 * Copies commits from the ledger to the log, in order. One publish is under way at a time, and how far it came is
 * stored after it was acknowledged: a relay that dies in between publishes the same commits again, and readers drop
 * them. Loss and reordering are not possible, because it always goes on at the first commit that was not acknowledged.
 */
export class Relay {
  private isStopping = false;
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private grown = true;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly outbox: CommitOutbox,
    private readonly publisher: CommitPublisher,
    private readonly report: RelayReport,
  ) {}

  start(): void {
    this.stopListening = this.outbox.onGrowth(() => {
      this.grown = true;
      this.wake();
    });
    this.running = this.run();
  }

  /** Finishes the publish under way. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.stopListening();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let delayMs = retryDelayMs.first;
    while (!this.isStopping) {
      try {
        this.grown = false;
        const isMore = await this.relayOnce();
        delayMs = retryDelayMs.first;
        if (!isMore && !this.grown) await this.growthOr(lookAgainMs);
      } catch (error) {
        this.report.failed(error as Error);
        await sleep(delayMs);
        delayMs = Math.min(delayMs * 2, retryDelayMs.longest);
      }
    }
  }

  /** Publishes what fits into one request. @returns whether there was anything */
  private async relayOnce(): Promise<boolean> {
    const held = await this.outbox.claim(Array.from({ length: this.publisher.partitions }, (_, at) => at));
    if (held.size === 0) return false;
    const behind = (await this.outbox.behind()).filter(({ tenantId }) =>
      held.has(this.publisher.partitionOf(tenantId)),
    );
    const commits = await this.nextCommits(behind);
    if (commits.length === 0) return false;
    await this.publisher.publish(commits, ({ tenantId, position }) => commitTraceparent(tenantId, position));
    // In the order of publishing, so the last one of a tenant stays.
    await this.outbox.relayed(new Map(commits.map(({ tenantId, position }) => [tenantId, position])));
    const lag = behind.reduce((sum, { relayed, head }) => sum + head - relayed, 0) - commits.length;
    this.report.published(commits.length, Math.max(0, lag));
    return true;
  }

  private async nextCommits(behind: Awaited<ReturnType<CommitOutbox['behind']>>): Promise<OutboxCommit[]> {
    const room = new Map<number, number>();
    const commits: OutboxCommit[] = [];
    for (const { tenantId, relayed } of behind) {
      const partition = this.publisher.partitionOf(tenantId);
      const left = room.get(partition) ?? bytesPerPartition;
      if (left <= 0 || commits.length >= commitsPerPublish) continue;
      const next = await this.outbox.commits(tenantId, relayed, left);
      const bytes = next.reduce((sum, commit) => sum + commit.bytes.length, 0);
      // One commit always comes, however large; beside others of its partition it has to wait.
      if (bytes > left && left < bytesPerPartition) continue;
      commits.push(...next);
      room.set(partition, left - bytes);
    }
    return commits;
  }

  private async growthOr(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
