import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QdrantClient } from '@qdrant/js-client-rest';
import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { buildServer } from '#test/harness/server.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const limitMs = 180_000;
const VARIABLES = ['DATABASE_URL', 'KAFKA_BROKERS', 'QDRANT_URL', 'REDIS_URL'];
const topic = 'said';

/** `npm run stack` in a process group of its own, as a terminal would run it. */
class StackRun {
  output = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  constructor(folder: string) {
    const environment = Object.entries(process.env).filter(([name]) => !VARIABLES.includes(name));
    this.child = spawn('npm', ['run', '--silent', 'stack', '--', '--folder', folder], {
      ...{ cwd: ROOT, env: Object.fromEntries(environment), detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    // Not the end of npm alone: of everything that holds its output.
    this.closed = once(this.child, 'close');
  }

  /** What it prints to be copied. @throws Error if it does not come up */
  async variables(): Promise<Record<string, string>> {
    for (const endMs = Date.now() + limitMs; !this.output.includes('The stack is ready'); await sleep(50)) {
      const isOver = this.child.exitCode !== null || this.child.signalCode !== null || Date.now() > endMs;
      if (isOver) throw new Error(`The stack did not start and said:\n${this.output}`);
    }
    return Object.fromEntries([...this.output.matchAll(/^export (\w+)='(.+)'$/gm)].map(([, ...pair]) => pair));
  }

  /** To the whole group, as Ctrl-C does. */
  signal(signal: NodeJS.Signals): void {
    if (this.child.exitCode === null && this.child.signalCode === null) process.kill(-this.child.pid!, signal);
  }

  async exit(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }
}

interface Process {
  pid: number;
  command: string;
}

/** Of this machine, all whose working folder lies in this one: every server stands in its own there. */
async function processesBelow(folder: string): Promise<Process[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return { pid, isBelow: place.startsWith(`${folder}/`), command: await commandOf(pid) };
    }),
  );
  return found.filter(({ isBelow }) => isBelow);
}

/** Those that ended in the meantime are what was wanted. */
function killAll(processes: readonly Process[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
    }
  }
}

const commandOf = (pid: number) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');

/** The shells that end the servers when the stack is killed, so that its orphans can be seen. */
async function killWatchdogs(servers: readonly Process[]): Promise<void> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  for (const pid of pids) {
    const words = (await commandOf(pid)).split('\0');
    const guarded = words[2]?.startsWith('read -r _; kill') ? Number(words[4]) : 0;
    if (servers.some((server) => server.pid === guarded)) process.kill(pid, 'SIGKILL');
  }
}

const kafkaOf = (variables: Record<string, string>) =>
  new Kafka({ brokers: variables['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });

async function produce(variables: Record<string, string>, value: string): Promise<void> {
  const kafka = kafkaOf(variables);
  const [admin, producer] = [kafka.admin(), kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })];
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await producer.send({ topic, messages: [{ value }], acks: -1 });
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

async function firstMessage(variables: Record<string, string>, groupId: string): Promise<string> {
  const consumer = kafkaOf(variables).consumer({ groupId });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    return await new Promise((resolve, reject) => {
      consumer
        .run({ eachMessage: ({ message }) => Promise.resolve(resolve(String(message.value))) })
        .catch((err: Error) => reject(err));
    });
  } finally {
    await consumer.disconnect();
  }
}

async function sql(variables: Record<string, string>, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: variables['DATABASE_URL'] });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

const words = (...indices: number[]) => ({ indices, values: indices.map(() => 1) });

describe('npm run stack', () => {
  let folder: string;
  let run: StackRun;
  let variables: Record<string, string>;

  beforeAll(async () => {
    buildServer();
    folder = await realpath(await mkdtemp(join(tmpdir(), 'memorystack-stack-')));
    // PostgreSQL does not run as root, so its user has to get to its data.
    await chmod(folder, 0o711);
    run = new StackRun(folder);
    variables = await run.variables();
  }, limitMs);
  afterAll(async () => {
    run.signal('SIGKILL');
    await run.exit();
    killAll(await processesBelow(folder));
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }, limitMs);

  it(
    'starts four servers that their real clients reach',
    async () => {
      expect(Object.keys(variables).sort()).toEqual(VARIABLES);
      await produce(variables, 'kept');
      expect(await firstMessage(variables, 'first')).toBe('kept');

      const redis = new Redis(variables['REDIS_URL']!);
      expect([await redis.set('key', 'value'), await redis.get('key')]).toEqual(['OK', 'value']);
      redis.disconnect();

      const qdrant = new QdrantClient({ url: variables['QDRANT_URL']! });
      await qdrant.createCollection('texts', { sparse_vectors: { words: {} } });
      const points = [1, 2].map((id) => ({ id, vector: { words: words(id, 7) } }));
      await qdrant.upsert('texts', { points, wait: true });
      const found = await qdrant.query('texts', { query: words(2), using: 'words' });
      expect(found.points.map(({ id }) => id)).toEqual([2]);

      await sql(variables, 'CREATE TABLE kept AS SELECT 42 AS answer');
      expect(await sql(variables, 'SELECT answer FROM kept')).toEqual([[42]]);
    },
    limitMs,
  );

  it(
    'refuses to start twice on one folder',
    async () => {
      const second = new StackRun(folder);
      expect(await second.exit()).toBe(1);
      expect(second.output).toMatch(/^A stack already runs on .* \(process \d+\)/m);
      expect(second.output).not.toMatch(/ at .*:\d+:\d+/);
      expect(await sql(variables, 'SELECT answer FROM kept')).toEqual([[42]]);
    },
    limitMs,
  );

  it(
    'after kill -9 stops the orphans and goes on with the same data, ports and password',
    async () => {
      const orphans = await processesBelow(folder);
      await killWatchdogs(orphans);
      run.signal('SIGKILL');
      await run.exit();
      run = new StackRun(folder);
      expect(await run.variables()).toEqual(variables);
      for (const name of ['Kafka', 'Redis', 'Qdrant', 'PostgreSQL']) {
        expect(run.output).toMatch(new RegExp(`Stopping the ${name} that a killed \\w+ left behind`));
      }
      const left = (await processesBelow(folder)).map(({ pid }) => pid);
      expect(orphans.filter(({ pid }) => left.includes(pid))).toEqual([]);
      expect(await firstMessage(variables, 'second')).toBe('kept');
      expect(await new QdrantClient({ url: variables['QDRANT_URL']! }).count('texts')).toEqual({ count: 2 });
      expect(await sql(variables, 'SELECT answer FROM kept')).toEqual([[42]]);
    },
    limitMs,
  );

  it(
    'leaves no process behind after Ctrl-C, also when it comes twice',
    async () => {
      run.signal('SIGINT');
      run.signal('SIGINT');
      await run.exit();
      expect(run.output).toMatch(/Stopping\nStopped\n$/);
      expect(await processesBelow(folder)).toEqual([]);
    },
    limitMs,
  );

  it(
    'says which server died, stops the others and ends with 1',
    async () => {
      run = new StackRun(folder);
      await run.variables();
      const redis = (await processesBelow(folder)).find(({ command }) => /^(\S*\/)?redis-server /.test(command))!;
      process.kill(redis.pid, 'SIGKILL');
      expect(await run.exit()).toBe(1);
      expect(run.output).toContain('Redis ended by itself (SIGKILL); its log is ');
      expect(await processesBelow(folder)).toEqual([]);
    },
    limitMs,
  );
});
