import kafkajs, { type IHeaders, type Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const { logLevel, Partitioners } = kafkajs;
const patienceMs = 90_000;
const pollMs = 100;
const recordsPerProduce = 200;

export interface TopicRecord {
  partition: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

/** A client of a test's own, beside those of the services. */
export function testKafka(brokers: string): Kafka {
  return new kafkajs.Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
}

/** Everything that is in a topic now, in the order of its partitions. */
export async function recordsOf(kafka: Kafka, topic: string): Promise<TopicRecord[]> {
  const wanted = (await ends(kafka, topic)).reduce((sum, { count }) => sum + count, 0);
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}` });
  const records: TopicRecord[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message: { key, value, headers = {} } }) => {
        records.push({ partition, key, value, headers });
      },
    });
    await until(async () => records.length >= wanted, `only ${records.length} of ${wanted} records of ${topic} came`);
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/** Puts records at the end of a topic, byte for byte. */
export async function produceAgain(kafka: Kafka, topic: string, records: readonly TopicRecord[]): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    for (let at = 0; at < records.length; at += recordsPerProduce) {
      await producer.send({ topic, acks: -1, messages: records.slice(at, at + recordsPerProduce) });
    }
  } finally {
    await producer.disconnect();
  }
}

/** Waits until a group is done with everything that is in the topic. */
export async function groupIsDone(kafka: Kafka, groupId: string, topic: string): Promise<void> {
  const all = await ends(kafka, topic);
  const admin = kafka.admin();
  await admin.connect();
  try {
    await until(async () => {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const stored = new Map(found!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return all.every(({ partition, count, end }) => count === 0 || (stored.get(partition) ?? -1) >= end);
    }, `${groupId} is not done with ${topic}`);
  } finally {
    await admin.disconnect();
  }
}

async function ends(kafka: Kafka, topic: string): Promise<{ partition: number; count: number; end: number }[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.map(({ partition, low, high }) => ({
      ...{ partition, count: Number(high) - Number(low), end: Number(high) },
    }));
  } finally {
    await admin.disconnect();
  }
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const endMs = Date.now() + patienceMs; !(await isSo()); await sleep(pollMs)) {
    if (Date.now() > endMs) throw new Error(`After ${patienceMs / 1000} s ${otherwise}`);
  }
}
