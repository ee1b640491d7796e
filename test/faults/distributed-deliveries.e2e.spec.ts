import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedAnswer } from '#libs/contracts/rest/answers.js';
import { namespaced, topics } from '#libs/contracts/topics.js';
import { readSeries } from '#test/harness/admin-pages.js';
import { useDistributedServer } from '#test/harness/distributed.js';
import { logHeads, replayFaults } from '#test/harness/distributed-log.js';
import { Load } from '#test/harness/load.js';
import { random } from '#test/harness/server-random.js';
import type { ServerClient } from '#test/harness/server-client.js';
import { groupIsDone, produceAgain, recordsOf, testKafka, type TopicRecord } from '#test/harness/topic-records.js';
import { allMemories } from '#test/harness/writes.js';

const seed = Number(process.env['MEMORYSTACK_TEST_SEED'] ?? randomInt(1_000_000));
/** Long enough for three requests on a busy machine. */
const windowSeconds = 10;
const limitMs = 180_000;

describe(`records that are delivered again, in order and in another (seed ${seed})`, () => {
  const server = useDistributedServer({ MEMORYSTACK_RETRY_WINDOW_SECONDS: String(windowSeconds) });
  const chance = random(seed);
  let kafka: Kafka;
  let client: ServerClient;
  let load: Load;

  beforeAll(() => {
    kafka = testKafka(server.variables['KAFKA_BROKERS']!);
    client = server.client();
    load = new Load(client, seed);
  });

  const inNamespace = (name: string) => namespaced(server.variables['MEMORYSTACK_NAMESPACE']!, name);

  function shuffled(records: readonly TopicRecord[]): TopicRecord[] {
    const order = records.map((record) => ({ record, at: chance() }));
    return order.sort((left, right) => left.at - right.at).map(({ record }) => record);
  }

  async function learn(content: string): Promise<string> {
    const answer = await client.post('/memories', { content });
    expect(answer.status).toBe(201);
    return answer.json<CreatedAnswer>().memory_ids[0]!;
  }

  /** Delivers everything in the topic twice more, and checks that the world is as it was. */
  async function deliverAgain(topic: string, groups: readonly string[]): Promise<number> {
    const before = { heads: await logHeads(server), memories: await allMemories(client) };
    const records = await recordsOf(kafka, inNamespace(topic));
    expect(records.length).toBeGreaterThan(40);
    await produceAgain(kafka, inNamespace(topic), records);
    await produceAgain(kafka, inNamespace(topic), shuffled(records));
    for (const group of groups) await groupIsDone(kafka, inNamespace(group), inNamespace(topic));
    expect({ heads: await logHeads(server), memories: await allMemories(client) }).toEqual(before);
    return records.length;
  }

  async function sumOf(name: string, service: 'ingestion' | 'search'): Promise<number> {
    const series = [...(await readSeries(server.service(service).adminUrl))];
    return series.filter(([key]) => key.startsWith(name)).reduce((sum, [, value]) => sum + value, 0);
  }

  it(
    'commands have one effect, also after the retry window, and when what they wrote was deleted since',
    async () => {
      load.start();
      await load.progress(60);
      await load.stop();
      await learn('said once, without a key');
      const deleted = await learn('said, deleted, and said again');
      expect((await client.delete(`/memories/${deleted}`)).status).toBe(200);
      await learn('said, deleted, and said again');
      await sleep(windowSeconds * 1000 + 100);
      const before = await sumOf('memorystack_command_duration_seconds_count', 'ingestion');
      const count = await deliverAgain(topics.commands.name, ['memorystack-ingestion']);
      expect(await sumOf('memorystack_command_duration_seconds_count', 'ingestion')).toBe(before + 2 * count);
      expect(await load.faults()).toEqual([]);
    },
    limitMs,
  );

  it(
    'commits are dropped',
    async () => {
      const before = await sumOf('memorystack_consumer_duplicates_total', 'search');
      const count = await deliverAgain(topics.commits.name, ['memorystack-read-model', 'memorystack-search-index-1']);
      const [dropped, projections] = [await sumOf('memorystack_consumer_duplicates_total', 'search'), 2];
      expect(dropped).toBe(before + 2 * count * projections);
      expect(await load.faults()).toEqual([]);
    },
    limitMs,
  );

  it(
    'afterwards the read models are what the log says',
    async () => {
      expect(await replayFaults(server)).toEqual([]);
    },
    limitMs,
  );
});
