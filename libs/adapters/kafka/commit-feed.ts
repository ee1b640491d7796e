import type { Kafka } from 'kafkajs';
import { namespaced, topics } from '#libs/contracts/topics.js';
import { CommitFeed, type DeliveredCommit, type FeedBatch } from '#libs/ports/commit-feed.js';
import { GroupMember, type GroupMemberOptions } from './group-member.js';

/** Partitions whose batches are worked on side by side: their work waits for PostgreSQL more than for this process. */
const concurrency = 4;
/** Some thousand commits: enough that opening them and writing them overlap. */
const bytesPerBatch = 4 * 1024 * 1024;

/** The log as a member of a consumer group reads it. Positions stand in a header, so nothing is decoded here. */
export class KafkaCommitFeed extends CommitFeed {
  private readonly member: GroupMember;

  /** @param group named after what follows: each projection follows by itself */
  constructor(
    kafka: Kafka,
    namespace: string,
    group: string,
    private readonly hear: Pick<GroupMemberOptions, 'failed' | 'lost'>,
  ) {
    super();
    const topic = namespaced(namespace, topics.commits.name);
    this.member = new GroupMember(
      kafka,
      { topic, groupId: namespaced(namespace, group), concurrency, ...hear },
      { maxBytesPerPartition: bytesPerBatch },
    );
  }

  override async start(handle: (batch: FeedBatch) => Promise<void>): Promise<void> {
    await this.member.run(async ({ batch, heartbeat }) => {
      const commits = batch.messages.flatMap(({ key, value, headers, offset }): DeliveredCommit[] => {
        const position = Number(headers?.['position']?.toString());
        const traceparent = headers?.['traceparent']?.toString() ?? null;
        if (key && value && Number.isSafeInteger(position)) {
          return [{ tenantId: key.toString(), position, bytes: value, traceparent }];
        }
        // Not from the relay: whatever belongs here is told by the position of the next commit, and fetched.
        this.hear.failed(new Error(`Record ${offset} of partition ${batch.partition} is not a commit.`));
        return [];
      });
      await handle({ partition: batch.partition, commits, keepAlive: heartbeat });
    });
  }

  override async stop(): Promise<void> {
    await this.member.stop();
  }

  override isFollowing(): boolean {
    return this.member.isJoined;
  }
}
