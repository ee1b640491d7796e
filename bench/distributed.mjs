// The services of the distributed profile on one machine with their servers, beside the standalone server in the same
// run: writes through REST, Kafka and ledger, reads of one's own writes, relay, replay from Kafka, and memory at rest.
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareServices, Service, SERVICES, serviceVariables } from '../tools/stack/services.mjs';
import { startStack } from '../tools/stack/stack.mjs';
import { installServers } from '../tools/stack/servers.mjs';
import { concurrently, percentile, report } from './measuring.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const { Relay } = await import('../dist/apps/ingestion/relay/relay.js');
const { ingestionAdapters, replayPorts } = await import('../dist/libs/profiles/distributed.profile.js');
const { openSharedDatabase } = await import('../dist/libs/profiles/shared-database.js');
const { replayFeed } = await import('../dist/libs/projections/feed-replay.js');
const { CommitOutbox } = await import('../dist/libs/ports/commit-outbox.js');
const { CommitPublisher } = await import('../dist/libs/ports/commit-publisher.js');
const { LogWriter, noReservations } = await import('../dist/libs/ports/log-writer.js');
const { readConfiguration } = await import('../dist/libs/service-kit/configuration.js');

const writes = 1_000;
const writers = 8;
const ownReads = 200;
const relayed = 10_000;
const atOnce = 60;
const idleMs = 5_000;
const tenantId = 'default';

const random = seededRandom(5);
const body = () => ({ content: `Customer ${randomUUID()} says ${sentence(random, between(random, 8, 16))}` });
const residentMiB = (pid) => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

/** @returns latencies of writes, and how long after a write's answer a list holds it, both in milliseconds */
async function writeAndRead(server) {
  const times = await concurrently(writes, writers, () => ask(server, 'POST', '/memories', body()));
  const lags = await concurrently(ownReads, 1, async () => {
    const { memory_ids: ids } = await ask(server, 'POST', '/memories', body());
    const startedMs = performance.now();
    const { results } = await ask(server, 'GET', '/memories?limit=1');
    if (results[0].id !== ids[0]) throw new Error('A list did not hold the write before it.');
    lagsMs.push(performance.now() - startedMs);
  }).then(() => lagsMs.splice(0));
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), lagP95: percentile(lags, 0.95) };
}
const lagsMs = [];

function handoff(number) {
  const handoffId = randomUUID();
  const context = { note: sentence(random, 10) };
  const data = {
    handoffId,
    projectId: 'p',
    fromAgent: 'a',
    toAgent: 'b',
    sessionId: `s${number}`,
    reason: null,
    context,
  };
  return {
    ...{ tenantId, commandId: randomUUID(), correlationId: 'bench', idempotency: null, expectedVersions: {} },
    ...{ actor: { key: 'bench', agent: null, session: null }, reservations: noReservations, destroyStreamKeys: [] },
    ...{ outcome: {} },
    events: [
      {
        ...{ streamId: `handoff-${handoffId}`, event: { type: 'AgentHandoffRecorded', data }, dataSubject: null },
        ...{ time: new Date().toISOString(), reason: 'user', decision: null },
      },
    ],
  };
}

/** Appends while no relay runs, then lets one catch up. @returns events a second */
async function relayRate(servers, database) {
  const adapters = await ingestionAdapters(servers, database, { model: null, embedder }, quiet);
  const port = (token) => adapters.providers.find(({ provide }) => provide === token).useValue;
  const [outbox, publisher, writer] = [CommitOutbox, CommitPublisher, LogWriter].map(port);
  await concurrently(relayed, atOnce, (number) => writer.append(handoff(number)));
  const relay = new Relay(outbox, publisher, { published: () => undefined, failed: quiet.failed });
  const startedMs = performance.now();
  relay.start();
  while ((await outbox.behind()).length > 0) await sleep(5);
  const seconds = (performance.now() - startedMs) / 1000;
  await relay.stop();
  await adapters.close();
  return relayed / seconds;
}

const embedder = 'static';
const failed = (error) => console.error(error.message);
const quiet = { failed, note: () => undefined, lost: failed };

async function replayRate(servers, database) {
  const ports = await replayPorts(servers, database, { embedder }, quiet);
  const heads = await ports.log.heads();
  const gap = (tenant, from, to) => failed(new Error(`Kafka lacks ${from} to ${to} of ${tenant}`));
  const result = await replayFeed(ports, heads, { events: () => undefined, documents: () => undefined, gap });
  for (const { digestBefore, digestAfter } of result.tenants) {
    if (digestBefore !== digestAfter) throw new Error('The replay made another read model.');
  }
  await ports.close();
  return result.events / result.seconds;
}

await installServers((line) => console.error(line));
await withDataFolder(async (folder) => {
  const stack = await startStack({ folder, tell: () => undefined, onEnd: failed });
  const services = [];
  try {
    const key = `bench-${randomBytes(24).toString('hex')}`;
    const shared = {
      ...stack.variables,
      ...{ MEMORYSTACK_MASTER_KEY: randomBytes(32).toString('base64'), MEMORYSTACK_API_KEY: key },
      ...{ MEMORYSTACK_RATE_LIMIT_PER_SECOND: '1000000', MEMORYSTACK_RATE_LIMIT_BURST: '1000000' },
      ...{ MEMORYSTACK_LOG_LEVEL: 'error', MEMORYSTACK_PROFILE: 'distributed' },
    };
    await prepareServices(shared);
    const variables = await serviceVariables(shared);
    for (const name of SERVICES) services.push(new Service(name, variables[name]));
    const startAll = async () => {
      await Promise.all(services.slice(0, -1).map((service) => service.start()));
      await services.at(-1).start();
    };
    const stopAll = async () => {
      for (const service of services.toReversed()) await service.end('SIGINT');
    };
    const { servers } = readConfiguration(shared);
    const database = await openSharedDatabase(servers);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    await withDataFolder((dataDir) =>
      withServer(dataDir, async (standalone) => {
        await report(
          'distributed',
          {
            writeP50Ms: { unit: 'ms' },
            writeP95Ms: { unit: 'ms' },
            standaloneWriteP50Ms: { unit: 'ms' },
            standaloneWriteP95Ms: { unit: 'ms' },
            ownReadP95Ms: { unit: 'ms' },
            standaloneOwnReadP95Ms: { unit: 'ms' },
            relayPerSecond: { unit: 'events/s', bar: 5_000, better: 'higher' },
            replayPerSecond: { unit: 'events/s', bar: 8_000, better: 'higher' },
            ...Object.fromEntries(SERVICES.map((name) => [`${name}MiB`, { unit: 'MiB', bar: 300, better: 'lower' }])),
          },
          async () => {
            await startAll();
            const url = `http://127.0.0.1:${variables.gateway.PORT}`;
            await sleep(idleMs);
            const resident = services.map(({ name, pid }) => [`${name}MiB`, Math.round(residentMiB(pid))]);
            const there = await writeAndRead({ url, headers });
            await stopAll();
            const here = await writeAndRead(standalone);
            return {
              ...{ writeP50Ms: there.p50, writeP95Ms: there.p95, ownReadP95Ms: there.lagP95 },
              ...{ standaloneWriteP50Ms: here.p50, standaloneWriteP95Ms: here.p95 },
              standaloneOwnReadP95Ms: here.lagP95,
              relayPerSecond: Math.round(await relayRate(servers, database)),
              replayPerSecond: Math.round(await replayRate(servers, database)),
              ...Object.fromEntries(resident),
            };
          },
        );
      }),
    );
    await database.close();
  } finally {
    for (const service of services) await service.end('SIGKILL');
    await stack.stop();
  }
});
