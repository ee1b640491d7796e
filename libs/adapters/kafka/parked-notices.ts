import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { namespaced, topics } from '#libs/contracts/topics.js';
import { type ParkedNotice, ParkedNotices } from '#libs/ports/parked-notices.js';

const { Partitioners } = kafkajs;
const acknowledgedByAll = -1;

/** Notices as JSON records of a topic that is kept for 90 days. */
export class KafkaParkedNotices extends ParkedNotices {
  private readonly topic: string;
  private readonly producer: Producer;

  constructor(
    kafka: Kafka,
    namespace: string,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    this.topic = namespaced(namespace, topics.parked.name);
    const createPartitioner = Partitioners.DefaultPartitioner;
    this.producer = kafka.producer({
      ...{ idempotent: false, allowAutoTopicCreation: false, createPartitioner },
    });
  }

  async start(): Promise<void> {
    await this.producer.connect();
  }

  async stop(): Promise<void> {
    await this.producer.disconnect();
  }

  override async tell(notice: ParkedNotice): Promise<void> {
    const messages = [{ key: notice.tenantId ?? notice.id, value: JSON.stringify(notice) }];
    await this.producer.send({ topic: this.topic, acks: acknowledgedByAll, messages }).catch(this.failed);
  }
}
