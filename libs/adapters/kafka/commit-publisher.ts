import kafkajs, { type Kafka } from 'kafkajs';
import { topics } from '#libs/contracts/topics.js';
import type { OutboxCommit } from '#libs/ports/commit-outbox.js';
import { CommitPublisher } from '#libs/ports/commit-publisher.js';
import { TopicProducer } from './topic-producer.js';

const { Partitioners } = kafkajs;
const partitionMetadata = Array.from({ length: topics.commits.partitions }, (_, partitionId) => ({
  ...{ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] },
}));

/** The log as a Kafka topic: what a retry repeats, readers drop. */
export class KafkaCommitPublisher extends CommitPublisher {
  override readonly partitions = topics.commits.partitions;
  private readonly producer: TopicProducer;
  private readonly partitioner = Partitioners.DefaultPartitioner();

  constructor(kafka: Kafka, namespace: string) {
    super();
    this.producer = new TopicProducer(kafka, namespace, topics.commits);
  }

  async start(): Promise<void> {
    await this.producer.start();
  }

  async stop(): Promise<void> {
    await this.producer.stop();
  }

  override partitionOf(tenantId: string): number {
    const message = { key: tenantId, value: null };
    return this.partitioner({ topic: this.producer.topic, partitionMetadata, message });
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
    await this.producer.send(messages);
  }
}
