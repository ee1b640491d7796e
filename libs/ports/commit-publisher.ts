import type { OutboxCommit } from './commit-outbox.js';

/**
 * Port: puts commits into the log that other services follow.
 *
 * Promises:
 * - Resolves when every commit is durable there, in the order given for each tenant.
 * - A call that rejects may have published some of them: the caller publishes all of them again.
 */
export abstract class CommitPublisher {
  /** Of a tenant's commits, all are in the same partition for ever. */
  abstract partitionOf(tenantId: string): number;
  abstract readonly partitions: number;
  /** @param traceparent the trace context that a commit was written in, if any; it travels beside the bytes */
  abstract publish(
    commits: readonly OutboxCommit[],
    traceparent?: (commit: OutboxCommit) => string | null,
  ): Promise<void>;
}
