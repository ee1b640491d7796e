import kafkajs, { type Kafka, type Message, type Producer } from 'kafkajs';
import { namespaced, type Topic } from '#libs/contracts/topics.js';

const { Partitioners } = kafkajs;
const acknowledgedByAll = -1;

/**
 * Sends to one topic. `idempotent: false` on purpose: after a lost answer kafkajs uses sequence numbers again and loses
 * acknowledged records. One request is in flight, so a retry can only repeat what stands at the end already.
 */
export class TopicProducer {
  readonly topic: string;
  private readonly producer: Producer;

  constructor(kafka: Kafka, namespace: string, { name }: Topic) {
    this.topic = namespaced(namespace, name);
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

  /** Resolves when every replica that counts has the messages. */
  async send(messages: Message[]): Promise<void> {
    await this.producer.send({ topic: this.topic, acks: acknowledgedByAll, messages });
  }
}
