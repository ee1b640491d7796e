import type { Kafka } from 'kafkajs';
import { topics } from '#libs/contracts/topics.js';
import { type ParkedNotice, ParkedNotices } from '#libs/ports/parked-notices.js';
import { TopicProducer } from './topic-producer.js';

/** Notices as JSON records of a topic that is kept for 90 days. */
export class KafkaParkedNotices extends ParkedNotices {
  private readonly producer: TopicProducer;

  constructor(
    kafka: Kafka,
    namespace: string,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    this.producer = new TopicProducer(kafka, namespace, topics.parked);
  }

  async start(): Promise<void> {
    await this.producer.start();
  }

  async stop(): Promise<void> {
    await this.producer.stop();
  }

  override async tell(notice: ParkedNotice): Promise<void> {
    const messages = [{ key: notice.tenantId ?? notice.id, value: JSON.stringify(notice) }];
    await this.producer.send(messages).catch(this.failed);
  }
}
