import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { namespaced, topics } from '#libs/contracts/topics.js';
import type { OutboxCommit } from '#libs/ports/commit-outbox.js';
import { CommitPublisher } from '#libs/ports/commit-publisher.js';

const { Partitioners } = kafkajs;
const acknowledgedByAll = -1;
const partitionMetadata = Array.from({ length: topics.commits.partitions }, (_, partitionId) => ({
  ...{ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] },
}));

/**
 * The log as a Kafka topic. `idempotent: false` on purpose: after a lost answer kafkajs uses sequence numbers again and
 * loses acknowledged records. With one request in flight a retry can only repeat what stands at the end already, and
 * readers drop that.
 */
export class KafkaCommitPublisher extends CommitPublisher {
  override readonly partitions = topics.commits.partitions;
  private readonly topic: string;
  private readonly producer: Producer;
  private readonly partitioner = Partitioners.DefaultPartitioner();

  constructor(kafka: Kafka, namespace: string) {
    super();
    this.topic = namespaced(namespace, topics.commits.name);
    this.producer = kafka.producer({
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  async start(): Promise<void> {
    await this.producer.connect();
  }

  async stop(): Promise<void> {
    await this.producer.disconnect();
  }

  override partitionOf(tenantId: string): number {
    const message = { key: tenantId, value: null };
    return this.partitioner({ topic: this.topic, partitionMetadata, message });
  }

  override async publish(
    commits: readonly OutboxCommit[],
    traceparent: (commit: OutboxCommit) => string | null = () => null,
  ): Promise<void> {
    const messages = commits.map((commit) => {
      const { tenantId, position, bytes } = commit;
      const trace = traceparent(commit);
      return {
        key: tenantId,
        value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        headers: { position: String(position), ...(trace === null ? {} : { traceparent: trace }) },
        partition: this.partitionOf(tenantId),
      };
    });
    await this.producer.send({ topic: this.topic, acks: acknowledgedByAll, messages });
  }
}
