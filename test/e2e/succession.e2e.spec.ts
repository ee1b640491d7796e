import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '#libs/adapters/postgres/database.js';
import { withGenerations } from '#libs/profiles/search-indexes.js';
import { openStandaloneDatabase } from '#libs/profiles/standalone-database.js';
import { readConfiguration } from '#libs/service-kit/configuration.js';
import { prepareServices } from '../../tools/stack/services.mjs';
import type { IndexGenerations } from '#libs/ports/index-generations.js';
import { DistributedServer, distributedLimitMs } from '#test/harness/distributed.js';
import { type EmbeddingScript, plainEmbeddings, ScriptedEmbeddings } from '#test/harness/scripted-embeddings.js';
import type { CommandRun } from '#test/harness/operator-commands.js';
import { TestServer } from '#test/harness/server.js';
import type { ServerClient } from '#test/harness/server-client.js';

const memories = 240;
const testLimitMs = 180_000;
const pollMs = 20;
const lastWord = 'together.';
/** Texts that the embedder is given together. */
const batchAtLeast = 64;

/** A server of either profile, as its operator and its users see it. */
interface Installation {
  start(): Promise<void>;
  remove(): Promise<void>;
  client(): ServerClient;
  command(name: string, ...words: string[]): Promise<CommandRun>;
  /** Its database, beside the server. */
  withDatabase(work: (db: Database) => Promise<void>): Promise<void>;
  /** Has the operator ask for another embedder. */
  wantEmbedder(settings: Record<string, string>): Promise<void>;
  /** Ends what fills the index without any warning, and starts it again. */
  crash(): Promise<void>;
}

class Standalone extends TestServer implements Installation {
  private readonly embedder: Record<string, string>;

  constructor(embedder: Record<string, string> = {}) {
    super(embedder);
    this.embedder = embedder;
  }

  async wantEmbedder(settings: Record<string, string>): Promise<void> {
    await this.end('SIGINT');
    Object.assign(this.embedder, settings);
    await this.start();
  }

  async withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
    const database = await openStandaloneDatabase(readConfiguration(this.environment), {
      ...{ holdFolder: 'share', onProgress: () => undefined, onUnexpectedExit: () => undefined },
    });
    await work(database.db).finally(() => database.close());
  }

  async crash(): Promise<void> {
    await this.end('SIGKILL');
    await this.start();
  }
}

class Distributed extends DistributedServer implements Installation {
  async wantEmbedder(settings: Record<string, string>): Promise<void> {
    await prepareServices({ ...this.variables, ...settings });
  }

  async withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
    const db = new Database(this.variables['DATABASE_URL']!);
    await work(db).finally(() => db.close());
  }

  async crash(): Promise<void> {
    await this.service('search').end('SIGKILL');
    await this.service('search').start();
  }
}

describe.each([
  ['standalone', () => new Standalone()],
  ['distributed', () => new Distributed()],
] as const)('the search index of the %s profile', (_, make) => {
  it(
    'is made again and gone back from while clients write and search: none fails, none is behind',
    async () => {
      const server: Installation = make();
      await server.start();
      try {
        const client = server.client();
        for (let at = 0; at < memories; at += 1) await remember(client, fact(at));
        const load = new Load(client);
        load.start();
        const before = await indexOf(client);
        const rebuilding = await server.command('search-index', 'rebuild');
        expect(rebuilding).toMatchObject({
          code: 0,
          output: expect.stringContaining('is being made') as unknown as string,
        });
        await until(async () => (await indexOf(client)) > before, 'another index answers');
        const made = await indexOf(client);
        await load.more(20);
        await server.withDatabase((db) =>
          withGenerations(db, async (generations) => {
            const { comparison } = (await generations.known())!.generations.find(({ id }) => id === made)!;
            expect(comparison!.questions).toBe(40);
            // Some of the newest came while the two were compared.
            expect(comparison!.foundAfter).toBeGreaterThanOrEqual(38);
            const startedMs = performance.now();
            await generations.rollBack();
            await until(async () => (await indexOf(client)) === before, 'the index before answers again');
            expect(performance.now() - startedMs).toBeLessThan(1_000);
          }),
        );
        await load.more(20);
        await load.stop();
        expect(load.problems).toEqual([]);
        expect(load.searches).toBeGreaterThan(40);
        const { output } = await server.command('search-index', 'status');
        expect(output).toMatch(new RegExp(`index ${before} .*answers since`));
        expect(output).toMatch(new RegExp(`index ${made} .*given up`));
      } finally {
        await server.remove();
      }
    },
    distributedLimitMs + testLimitMs,
  );

  it(
    'takes another embedder that is slow: it goes on where it was after a crash, and searches never wait for it',
    async () => {
      const server: Installation = make();
      await server.start();
      const answered = new Map<string, number>();
      const answering: EmbeddingScript = (request, number) => {
        const facts = request.body.input.filter((text) => text.endsWith(lastWord));
        for (const text of facts) answered.set(text, (answered.get(text) ?? 0) + 1);
        return plainEmbeddings(request, number);
      };
      // Begins to read, and then says nothing any more.
      const embeddings = await ScriptedEmbeddings.started((request, number) =>
        answered.size < batchAtLeast ? answering(request, number) : 'hangs',
      );
      try {
        let client = server.client();
        for (let at = 0; at < memories; at += 1) await remember(client, fact(at));
        const before = await indexOf(client);
        await server.wantEmbedder({
          ...{ MEMORYSTACK_EMBEDDER: 'openai', MEMORYSTACK_EMBEDDER_URL: embeddings.url },
          ...{ MEMORYSTACK_EMBEDDER_MODEL: 'plain', MEMORYSTACK_EMBEDDER_DIMENSIONS: '4' },
        });
        await server.withDatabase((db) => withGenerations(db, (generations) => untilRead(generations, batchAtLeast)));
        const readBefore = new Map(answered);
        embeddings.script = answering;
        await server.crash();
        client = server.client();
        expect(await indexOf(client)).toBe(before);
        await until(async () => (await indexOf(client)) > before, 'the new index answers');
        expect(answered.size).toBe(memories);
        const again = [...readBefore.keys()].filter((text) => answered.get(text)! > 1);
        expect(again).toEqual([]);
        expect(await searched(client, 'otter number 7', 'vector')).toMatchObject({ status: 200, mode: 'vector' });

        embeddings.script = () => ({ status: 503 });
        const position = await remember(client, 'The dentist was kind.');
        const found = await searched(client, `dentist&min_position=${position}`, 'hybrid');
        expect(found).toMatchObject({ status: 200, mode: 'text' });
        expect(found.contents[0]).toBe('The dentist was kind.');
        await until(async () => (await pendingOf(client)) === 1, 'one text waits for the embedder');
        expect(await searched(client, 'kindness', 'vector')).toMatchObject({ status: 503 });
        embeddings.script = answering;
        await until(async () => (await pendingOf(client)) === 0, 'the embedder has read it');
        await until(
          async () => (await searched(client, 'Who looked at her teeth?', 'vector')).status === 200,
          'vectors',
        );
        const { contents } = await searched(client, 'Who looked at her teeth?', 'vector');
        expect(contents[0]).toBe('The dentist was kind.');
      } finally {
        await embeddings.stop();
        await server.remove();
      }
    },
    distributedLimitMs + 2 * testLimitMs,
  );
});

/** Longer than a question of the comparison, so that no question is the same text. */
function fact(at: number): string {
  return `Fact ${at}: the otter number ${at} likes tea more than it likes coffee, milk and water ${lastWord}`;
}

/** Users who write, and search for what they wrote at once. */
class Load {
  readonly problems: string[] = [];
  searches = 0;
  private isStopping = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly client: ServerClient) {}

  start(): void {
    this.running = Promise.all([this.writing(), this.searching()]).then(() => undefined);
  }

  /** Resolves after so many more searches. */
  async more(searches: number): Promise<void> {
    const target = this.searches + searches;
    await until(async () => this.searches >= target, 'clients go on searching');
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private async writing(): Promise<void> {
    for (let at = 0; !this.isStopping; at += 1) {
      const content = `The heron called Zephyr${at} eats trout.`;
      const position = await remember(this.client, content);
      await this.find(`heron Zephyr${at}`, content, position);
    }
  }

  /** What has long been there. */
  private async searching(): Promise<void> {
    for (let at = 0; !this.isStopping; at = (at + 7) % memories) {
      await this.find(`otter number ${at}`, fact(at), 0);
    }
  }

  private async find(query: string, content: string, position: number): Promise<void> {
    const asked = new URLSearchParams({ query, limit: '5', ...(position > 0 && { min_position: String(position) }) });
    const answer = await this.client.get(`/memories/search?${asked}`);
    this.searches += 1;
    if (answer.status !== 200) return void this.problems.push(`${query}: ${answer.status} ${answer.text}`);
    const found = answer.json<{ results: { content: string }[] }>().results.map((one) => one.content);
    if (!found.includes(content)) this.problems.push(`${query}: not found at ${position}`);
  }
}

async function remember(client: ServerClient, content: string): Promise<number> {
  const answer = await client.post('/memories', { content });
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json<{ event_offset: number }>().event_offset;
}

/** Number of the index that answers. */
async function indexOf(client: ServerClient): Promise<number> {
  return (await client.get('/stats')).json<{ search: { index: number } }>().search.index;
}

async function until(is: () => Promise<boolean>, what: string): Promise<void> {
  for (const endMs = Date.now() + testLimitMs; Date.now() < endMs; await sleep(pollMs)) if (await is()) return;
  throw new Error(`Not within ${testLimitMs / 1000} s: ${what}`);
}

async function pendingOf(client: ServerClient): Promise<number> {
  const stats = (await client.get('/stats')).json<{ search: { pending_embeddings: number } }>();
  return stats.search.pending_embeddings;
}

/** @param query as it stands in the address */
async function searched(client: ServerClient, query: string, mode: string) {
  const answer = await client.get(`/memories/search?mode=${mode}&query=${encodeURI(query)}`);
  const { mode: used, results = [] } = answer.json<{ mode?: string; results?: { content: string }[] }>();
  return { status: answer.status, mode: used, contents: results.map(({ content }) => content) };
}

/** Until the embedder has read so many texts of the index that is being filled, as its progress tells. */
async function untilRead(generations: IndexGenerations, texts: number): Promise<void> {
  await until(async () => {
    const filling = (await generations.known())!.generations.find(({ state }) => state === 'filling');
    const { documents = 0, unread = 0 } = filling?.progress ?? {};
    return documents >= memories && documents - unread >= texts;
  }, `${texts} texts are read`);
}
