import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { namespaced, type Topic, topics } from '#libs/contracts/topics.js';

const { ConfigResourceTypes } = kafkajs;
const leaderPollMs = 100;
const leaderTries = 100;

/** A topic is missing, or is not what the log may be kept in. */
export class TopicsUnusable extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The Kafka topics are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'TopicsUnusable';
  }
}

/**
 * Makes the topics that do not exist, then checks all of them.
 * @param replicas of every partition; at most as many as there are brokers
 */
export async function makeTopics(kafka: Kafka, namespace: string, replicas: number | null): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    const { brokers } = await admin.describeCluster();
    const replicationFactor = replicas ?? Math.min(3, brokers.length);
    const existing = new Set(await admin.listTopics());
    const wanted = Object.values<Topic>(topics).map((topic) => ({ ...topic, name: namespaced(namespace, topic.name) }));
    // Not `waitForLeaders`: it fails while the brokers do not know the topic yet, which is what it should wait for.
    await admin.createTopics({
      topics: wanted
        .filter(({ name }) => !existing.has(name))
        .map(({ name, partitions, config }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor,
          configEntries: [
            ...Object.entries(config),
            // A write counts when it survives the loss of one broker, where there is more than one.
            ['min.insync.replicas', String(Math.max(1, replicationFactor - 1))],
          ].map(([key, value]) => ({ name: key!, value: value! })),
        })),
    });
    for (const { name } of wanted) await leadersOf(admin, name);
  });
  await assertTopics(kafka, namespace);
}

/** Resolves when every partition of the topic has a leader. */
async function leadersOf(admin: Admin, topic: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
      if (metadata.topics[0]!.partitions.every(({ leader }) => leader >= 0)) return;
    } catch (error) {
      if (tries >= leaderTries) throw error;
    }
    await sleep(leaderPollMs);
  }
}

/** @throws TopicsUnusable naming everything that is not as `libs/contracts/topics.ts` says */
export async function assertTopics(kafka: Kafka, namespace: string): Promise<void> {
  const problems = await withAdmin(kafka, async (admin) => {
    const found = await Promise.all(Object.values<Topic>(topics).map((topic) => problemsOf(admin, namespace, topic)));
    return found.flat();
  });
  if (problems.length > 0) throw new TopicsUnusable(problems);
}

async function problemsOf(admin: Admin, namespace: string, { name, partitions, config }: Topic): Promise<string[]> {
  const topic = namespaced(namespace, name);
  if (!(await admin.listTopics()).includes(topic)) {
    return [`${topic} does not exist: run the prepare command once, before the services`];
  }
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
  const count = metadata.topics[0]!.partitions.length;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: Object.keys(config) }],
  });
  const actual = new Map(resources[0]!.configEntries.map((entry) => [entry.configName, entry.configValue]));
  const wrong = Object.entries(config).filter(([key, value]) => actual.get(key) !== value);
  return [
    ...(count === partitions
      ? []
      : [`${topic} has ${count} partitions and must have ${partitions} for its whole life`]),
    ...wrong.map(([key, value]) => `${topic} has ${key}=${actual.get(key)} and must have ${key}=${value}`),
  ];
}

/** Runs `work` with an admin client that is closed again. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
