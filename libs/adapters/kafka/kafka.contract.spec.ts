import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { InProcessCommandOutcomes } from '#libs/adapters/in-process/command-outcomes.js';
import { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { KeyedSealer } from '#libs/adapters/postgres/keyed-sealer.js';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { namespaced, topics } from '#libs/contracts/topics.js';
import { commandBusContract } from '#libs/ports/contracts/command-bus.contract.js';
import { commitLogContract } from '#libs/ports/contracts/commit-log.contract.js';
import { parkedNoticesContract } from '#libs/ports/contracts/parked-notices.contract.js';
import type { ParkedNotice } from '#libs/ports/parked-notices.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { KafkaCommandBus } from './command-bus.js';
import { KafkaCommandTransport } from './command-transport.js';
import { KafkaCommitFeed } from './commit-feed.js';
import { KafkaCommitPublisher } from './commit-publisher.js';
import { busyGroups, forgetGroup } from './groups.js';
import { kafkaClient } from './kafka-client.js';
import { KafkaParkedNotices } from './parked-notices.js';
import { assertTopics, makeTopics, TopicsUnusable } from './topics.js';

const namespace = freshNamespace().replace(/-$/, '');
const quiet = () => undefined;
let kafka: Kafka;

beforeAll(async () => {
  const { kafkaBrokers: brokers } = await sharedServers('kafka');
  kafka = kafkaClient({ brokers, tls: false, sasl: null }, 'contract', quiet);
  await makeTopics(kafka, namespace, null);
}, serversLimitMs);

describe('the topics', () => {
  it('are as they must be after they were made, and making them again changes nothing', async () => {
    await makeTopics(kafka, namespace, null);
    await assertTopics(kafka, namespace);
  });

  it('are refused with every fault at once when they are missing or keep the log for a time only', async () => {
    const other = freshNamespace().replace(/-$/, '');
    const refused = assertTopics(kafka, other);
    await expect(refused).rejects.toBeInstanceOf(TopicsUnusable);
    await expect(refused).rejects.toMatchObject({
      problems: Object.values(topics).map(() => expect.stringMatching(/does not exist/)),
    });
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'retention.ms', value: '1000' }];
    const topic = namespaced(other, topics.commits.name);
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 3, configEntries }] });
    for (let tries = 0; tries < 100 && !(await hasLeaders(admin, topic)); tries += 1) await sleep(100);
    await admin.disconnect();
    await expect(assertTopics(kafka, other)).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/3 partitions and must have 24[^]*retention\.ms=1000/),
      }),
    );
  });
});

commitLogContract('Kafka', async () => {
  const publisher = new KafkaCommitPublisher(kafka, namespace);
  await publisher.start();
  const feed = (group: string) => new KafkaCommitFeed(kafka, namespace, group, { failed: quiet, lost: quiet });
  return { publisher, feed, stop: () => publisher.stop() };
});

describe('a group', () => {
  it('is busy while it has a member, and can be forgotten afterwards, more than once', async () => {
    const group = `forgotten-${Date.now()}`;
    const whole = namespaced(namespace, group);
    const feed = new KafkaCommitFeed(kafka, namespace, group, { failed: quiet, lost: quiet });
    await feed.start(async () => undefined);
    while (!feed.isFollowing()) await sleep(20);
    expect(await busyGroups(kafka, [whole])).toEqual([whole]);
    await expect(forgetGroup(kafka, whole)).rejects.toThrow();
    await feed.stop();
    expect(await busyGroups(kafka, [whole])).toEqual([]);
    await forgetGroup(kafka, whole);
    await forgetGroup(kafka, whole);
    await forgetGroup(kafka, namespaced(namespace, 'never-there'));
  });
});

describe('commands', () => {
  const outcomes = new InProcessCommandOutcomes();
  let handle: (envelope: CommandEnvelope) => Promise<CommandOutcome>;
  let bus: KafkaCommandBus;
  let transport: KafkaCommandTransport;
  let parked: KafkaParkedNotices;

  beforeAll(async () => {
    const sealer = new KeyedSealer(new KeyRing(null as never, Buffer.alloc(32, 1)));
    parked = new KafkaParkedNotices(kafka, namespace, quiet);
    await parked.start();
    bus = new KafkaCommandBus(kafka, namespace, outcomes, sealer);
    await bus.start();
    const isPassing = () => false;
    transport = new KafkaCommandTransport({
      ...{ kafka, namespace, sealer, outcomes, parked, isPassing, failed: quiet, lost: quiet },
    });
    transport.addHandler(topics.commands.name, (envelope: CommandEnvelope) => handle(envelope));
    await new Promise((resolve) => transport.listen(resolve));
  }, serversLimitMs);
  afterAll(async () => {
    await transport.close();
    await bus.stop();
    await parked.stop();
  }, 60_000);

  commandBusContract('Kafka', (handler) => {
    handle = handler;
    return bus;
  });
});

parkedNoticesContract('Kafka', async () => {
  const own = freshNamespace().replace(/-$/, '');
  await makeTopics(kafka, own, null);
  const notices = new KafkaParkedNotices(kafka, own, quiet);
  await notices.start();
  const nowhere = kafkaClient({ brokers: ['127.0.0.1:1'], tls: false, sasl: null }, 'nowhere', quiet);
  return {
    notices,
    unreachable: new KafkaParkedNotices(nowhere, own, quiet),
    read: async (count) => {
      const found: ParkedNotice[] = [];
      const consumer = kafka.consumer({ groupId: namespaced(own, 'reader') });
      await consumer.connect();
      await consumer.subscribe({ topics: [namespaced(own, topics.parked.name)], fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message }) => void found.push(JSON.parse(message.value!.toString()) as ParkedNotice),
      });
      for (const endMs = Date.now() + 60_000; found.length < count && Date.now() < endMs;) await sleep(50);
      await consumer.disconnect();
      await notices.stop();
      return found;
    },
  };
});

async function hasLeaders(admin: Admin, topic: string): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null);
  return metadata?.topics[0]?.partitions.every(({ leader }) => leader >= 0) ?? false;
}
