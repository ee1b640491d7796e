import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { Relay } from '#apps/ingestion/relay/relay.js';
import { KafkaCommitFeed } from '#libs/adapters/kafka/commit-feed.js';
import { KafkaCommitPublisher } from '#libs/adapters/kafka/commit-publisher.js';
import { kafkaClient } from '#libs/adapters/kafka/kafka-client.js';
import { makeTopics } from '#libs/adapters/kafka/topics.js';
import { PostgresCommitOutbox } from '#libs/adapters/postgres/ledger/commit-outbox.js';
import { LogGrowth } from '#libs/adapters/postgres/ledger/log-growth.js';
import type { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { namespaced, topics } from '#libs/contracts/topics.js';
import { FeedFollower } from '#libs/projections/feed-follower.js';
import { RowsProjection } from '#libs/projections/feed-projections.js';
import { ReadModelProjector } from '#libs/projections/read-model-projector.js';
import { replayTenant } from '#libs/projections/replay.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { callerOf, startTestService, statement, type TestService } from '#test/harness/service.js';

const waitLimitMs = 30_000;
const tenants = ['acme', 'beta', 'gamma'];

/** Stores nothing the first `losses` times: the process died between the acknowledgement and the store. */
class ForgetfulOutbox extends PostgresCommitOutbox {
  losses = 0;

  override async relayed(positions: ReadonlyMap<string, number>): Promise<void> {
    if (this.losses > 0) {
      this.losses -= 1;
      throw new Error('killed between produce and store');
    }
    return super.relayed(positions);
  }
}

describe('the relay and the projectors on Kafka', () => {
  const namespace = freshNamespace().replace(/-$/, '');
  let service: TestService;
  let kafka: Kafka;
  const gaps: string[] = [];
  const parked: string[] = [];
  let duplicates = 0;
  const running: { stop(): Promise<void> }[] = [];
  let outbox: ForgetfulOutbox;
  let publisher: KafkaCommitPublisher;

  beforeAll(async () => {
    const { kafkaBrokers: brokers } = await sharedServers('kafka');
    service = await startTestService(tenants);
    kafka = kafkaClient({ brokers, tls: false, sasl: null }, 'relaying', () => undefined);
    await makeTopics(kafka, namespace, null);
    outbox = new ForgetfulOutbox(service.database.db, new LogGrowth(), () => undefined);
    publisher = new KafkaCommitPublisher(kafka, namespace);
    await outbox.start();
    await publisher.start();
  }, serversLimitMs);
  afterAll(async () => {
    for (const one of running.reverse()) await one.stop();
    await publisher.stop();
    await outbox.stop();
    await service.stop();
  }, 60_000);

  const quietly = { published: () => undefined, failed: () => undefined };
  function startRelay(): Relay {
    const relay = new Relay(outbox, publisher, quietly);
    relay.start();
    running.push(relay);
    return relay;
  }

  /** A follower of its own group, into the same rows that the standalone follower writes: so it finds them there. */
  async function startFollower(group: string): Promise<FeedFollower> {
    const quiet = { failed: () => undefined, lost: () => undefined };
    const feed = new KafkaCommitFeed(kafka, namespace, group, quiet);
    const projector = new ReadModelProjector(service.log, store, (_tenant, stream) => parked.push(stream));
    const follower = new FeedFollower(feed, service.log, new RowsProjection(projector), {
      projected: () => undefined,
      duplicates: (_name, _tenant, count) => (duplicates += count),
      gap: (_name, tenant, from, to) => gaps.push(`${tenant} ${from}-${to}`),
    });
    await follower.start();
    running.push(follower);
    return follower;
  }

  let store: PostgresReadModelStore;
  const write = (tenant: string, content: string) => service.send(callerOf(tenant), statement(content));
  const reach = async (tenant: string, position: number) => {
    for (const endMs = Date.now() + waitLimitMs; (await store.checkpoint(tenant)) < position; await sleep(10)) {
      if (Date.now() > endMs)
        throw new Error(`${tenant} has not reached ${position} but ${await store.checkpoint(tenant)}`);
    }
  };
  const digestsAreThoseOfTheLedger = async () => {
    for (const tenant of tenants) {
      const { digestBefore, digestAfter } = await replayTenant(service.log, store, tenant, () => undefined);
      expect([tenant, digestAfter]).toEqual([tenant, digestBefore]);
    }
  };

  it('bring every commit to the rows, once, though the relay dies between produce and store', async () => {
    store = service.store;
    // The follower of the harness must not do the work that is tested here.
    await service.follower.stop();
    for (const tenant of tenants) await store.wipe(tenant);
    outbox.losses = 3;
    await startFollower('rows');
    startRelay();
    for (let number = 0; number < 60; number += 1) await write(tenants[number % 3]!, `statement ${number}`);
    for (const tenant of tenants) await reach(tenant, 20);
    for (let waits = 0; waits < 500 && duplicates === 0; waits += 1) await sleep(10);
    expect(outbox.losses).toBe(0);
    expect(duplicates).toBeGreaterThan(0);
    expect(gaps).toEqual([]);
    await digestsAreThoseOfTheLedger();
  }, 90_000);

  it('fill a hole of the topic from the ledger, say so, and go on', async () => {
    const follower = running[0] as FeedFollower;
    await follower.stop();
    await Promise.all(Array.from({ length: 30 }, (_, at) => write('acme', `lost ${at}`)));
    const head = await service.log.headPosition('acme');
    for (let waits = 0; (await outbox.behind()).length > 0 && waits < 1_000; waits += 1) await sleep(10);
    await deleteRecords(publisher.partitionOf('acme'));
    await startFollower('rows');
    await write('acme', 'after the hole');
    await reach('acme', head + 1);
    expect(gaps).toEqual([`acme 21-${head}`]);
    expect(parked).toEqual([]);
    await digestsAreThoseOfTheLedger();
  }, 90_000);

  it('share the work between two processes of a group, and lose nothing when one goes', async () => {
    const second = await startFollower('rows');
    const heads = new Map<string, number>();
    for (let number = 0; number < 90; number += 1) {
      if (number === 45) await second.stop();
      const tenant = tenants[number % 3]!;
      heads.set(tenant, (await write(tenant, `shared ${number}`)).position);
    }
    for (const [tenant, position] of heads) await reach(tenant, position);
    await digestsAreThoseOfTheLedger();
  }, 90_000);

  it('have one holder of each partition: a second relay waits, and goes on where the first ended', async () => {
    const other = new ForgetfulOutbox(service.database.db, new LogGrowth(), () => undefined);
    await other.start();
    const published: number[] = [];
    const second = new Relay(other, publisher, { ...quietly, published: (commits) => published.push(commits) });
    second.start();
    const { position } = await write('beta', 'while the first holds');
    await reach('beta', position);
    expect(published).toEqual([]);
    await (running.find((one) => one instanceof Relay) as Relay).stop();
    await outbox.stop();
    const after = await write('beta', 'after the first ended');
    await reach('beta', after.position);
    expect(published.length).toBeGreaterThan(0);
    await second.stop();
    await other.stop();
  }, 90_000);

  async function deleteRecords(partition: number): Promise<void> {
    const topic = namespaced(namespace, topics.commits.name);
    const admin = kafka.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    const { high } = offsets.find((one) => one.partition === partition)!;
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: high }] });
    await admin.disconnect();
  }
});
