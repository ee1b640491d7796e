import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IMPORT_TABLE } from '../../tools/lint/import-table.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

type Planted = readonly [filePath: string, statement: string];

/** Each is forbidden by the row of its file. */
const WRONG_IMPORTS: readonly Planted[] = [
  ['libs/domain/memory/planted.ts', `import { sep } from 'node:path';`],
  ['libs/domain/memory/planted.ts', `import { v7 } from 'uuid';`],
  ['libs/domain/memory/planted.ts', `import type { Client } from 'pg';`],
  ['libs/domain/memory/planted.ts', `import type { CommandEnvelope } from '#libs/contracts/commands.js';`],
  ['libs/domain/memory/planted.ts', `import type { CommandEnvelope } from '../../contracts/commands.js';`],
  ['libs/domain/memory/planted.ts', `export type { CommandEnvelope } from '../../contracts/commands.js';`],
  ['libs/domain/memory/planted.ts', `type Hidden = import('../../contracts/commands.js').CommandEnvelope;`],
  ['libs/contracts/planted.ts', `import { evolveMemory } from '#libs/domain/memory/memory.evolve.js';`],
  ['libs/contracts/planted.ts', `import type { LogReader } from '#libs/ports/log-reader.js';`],
  ['libs/contracts/rest/planted.ts', `import type { LogReader } from '../../ports/log-reader.js';`],
  ['libs/ports/planted.ts', `import { limits } from '#libs/domain/limits.js';`],
  ['libs/ports/planted.ts', `import { type Filter } from '#libs/domain/scope/filter.js';`],
  ['libs/ports/planted.ts', `import type { Database } from '#libs/adapters/postgres/database.js';`],
  ['libs/projections/planted.ts', `import type { Database } from '#libs/adapters/postgres/database.js';`],
  ['libs/beliefs/planted.ts', `import type { Database } from '#libs/adapters/postgres/database.js';`],
  ['libs/beliefs/planted.ts', `import type { LogWriter } from '#libs/ports/log-writer.js';`],
  ['libs/access/planted.ts', `import type { Database } from '#libs/adapters/postgres/database.js';`],
  ['libs/transfer/planted.ts', `import type { LogWriter } from '#libs/ports/log-writer.js';`],
  ['libs/projections/planted.ts', `import { trace } from '@opentelemetry/api';`],
  ['libs/adapters/postgres/planted.ts', `import { Counter } from 'prom-client';`],
  ['libs/profiles/planted.ts', `import { Counter } from 'prom-client';`],
  ['libs/projections/planted.ts', `import type { LogWriter } from '#libs/ports/log-writer.js';`],
  ['libs/adapters/postgres/planted.ts', `import { RulesExtractor } from '#libs/adapters/rules/rules-extractor.js';`],
  ['libs/adapters/postgres/ledger/planted.ts', `import { RulesExtractor } from '../../rules/rules-extractor.js';`],
  ['libs/adapters/postgres/planted.ts', `import { decideRevision } from '#libs/domain/memory/memory.decide.js';`],
  ['libs/adapters/kafka/planted.ts', `import { Redis } from 'ioredis';`],
  ['libs/adapters/in-process/planted.ts', `import { Client } from 'pg';`],
  ['libs/adapters/in-process/planted.ts', `import { Database } from '../postgres/database.js';`],
  ['libs/adapters/static-embedder/planted.ts', `import { NoEmbedder } from '../in-process/no-embedder.js';`],
  ['libs/adapters/onnx-embedder/planted.ts', `import { StaticEmbedder } from '../static-embedder/static-embedder.js';`],
  ['libs/adapters/onnx-embedder/planted.ts', `import { tokenize } from '#libs/domain/ranking/tokenizer.js';`],
  ['libs/adapters/onnx-embedder/planted.ts', `import { OpenAI } from 'openai';`],
  ['libs/adapters/bullmq/planted.ts', `import { RedisClients } from '../redis/redis-client.js';`],
  ['libs/adapters/redis/planted.ts', `import { RateLimiter } from '../in-process/rate-limiter.js';`],
  ['libs/adapters/redis/planted.ts', `import { limits } from '#libs/domain/limits.js';`],
  ['libs/adapters/redis/planted.ts', `import { Client } from 'pg';`],
  ['libs/adapters/postgres/planted.ts', `import { saturate } from '#libs/domain/ranking/bm25.js';`],
  ['libs/adapters/qdrant/planted.ts', `import { Database } from '../postgres/database.js';`],
  ['libs/adapters/qdrant/planted.ts', `import { Client } from 'pg';`],
  ['libs/adapters/qdrant/planted.ts', `import { tokenize } from '#libs/domain/ranking/tokenizer.js';`],
  ['libs/adapters/rules/planted.ts', `import { Database } from '../postgres/database.js';`],
  ['libs/adapters/openai/planted.ts', `import { RulesExtractor } from '../rules/rules-extractor.js';`],
  ['libs/adapters/openai/planted.ts', `import { limits } from '#libs/domain/limits.js';`],
  ['libs/adapters/openai/planted.ts', `import { Counter } from 'prom-client';`],
  ['libs/adapters/webhooks/planted.ts', `import { Database } from '../postgres/database.js';`],
  ['libs/adapters/webhooks/planted.ts', `import { fetch } from 'undici';`],
  ['libs/adapters/openai/planted.ts', `import { InferenceSession } from 'onnxruntime-node';`],
  ['libs/adapters/rules/planted.ts', `export * from '../in-process/search-index.js';`],
  ['libs/adapters/grpc/planted.ts', `import { Client } from 'pg';`],
  ['libs/adapters/grpc/planted.ts', `import { invalid } from '#libs/service-kit/problem.js';`],
  ['libs/adapters/grpc/planted.ts', `import { limits } from '#libs/domain/limits.js';`],
  ['libs/profiles/planted.ts', `import { Client } from 'pg';`],
  ['libs/profiles/planted.ts', `import { decideRevision } from '#libs/domain/memory/memory.decide.js';`],
  ['libs/service-kit/planted.ts', `import type { LogReader } from '#libs/ports/log-reader.js';`],
  ['libs/service-kit/planted.ts', `export { NodeSDK } from '@opentelemetry/sdk-node';`],
  ['libs/service-kit/planted.ts', `const pg = await import('pg');\nvoid pg;`],
  ['apps/gateway/planted.ts', `import { tokenize } from '#libs/domain/ranking/tokenizer.js';`],
  ['apps/gateway/planted.ts', `import { decideRevision } from '#libs/domain/memory/memory.decide.js';`],
  ['apps/gateway/planted.ts', `import type { LogWriter } from '#libs/ports/log-writer.js';`],
  ['apps/gateway/rest/planted.ts', `import { learn } from '../../ingestion/learning.js';`],
  ['apps/gateway/planted.ts', `import { Pool } from 'pg';`],
  ['apps/ingestion/planted.ts', `import { Database } from '#libs/adapters/postgres/database.js';`],
  ['apps/ingestion/planted.ts', `import { SearchModule } from '#apps/search/search.module.js';`],
  ['apps/search/planted.ts', `import { LogWriter } from '#libs/ports/log-writer.js';`],
  ['apps/search/planted.ts', `import { decideRevision } from '#libs/domain/memory/memory.decide.js';`],
  ['apps/search/queries/planted.ts', `import { learn } from '../../ingestion/learning.js';`],
  [
    'apps/maintenance/planted.ts',
    `import { PostgresOutcomePruning } from '#libs/adapters/postgres/ledger/outcome-pruning.js';`,
  ],
  ['apps/maintenance/planted.ts', `import type { LogWriter } from '#libs/ports/log-writer.js';`],
  ['apps/standalone/planted.ts', `import { Database } from '#libs/adapters/postgres/database.js';`],
  ['apps/unheard-of/planted.ts', `import { limits } from '#libs/domain/limits.js';`],
];

/** Each is allowed by the row of its file. */
const RIGHT_IMPORTS: readonly Planted[] = [
  ['libs/domain/memory/planted.ts', `export { matches } from '../scope/filter.js';`],
  ['libs/contracts/planted.ts', `export { limits } from '#libs/domain/limits.js';`],
  ['libs/contracts/planted.ts', `export type { Memory } from '#libs/domain/memory/memory.evolve.js';`],
  ['libs/ports/planted.ts', `export type { Filter } from '#libs/domain/scope/filter.js';`],
  ['libs/beliefs/planted.ts', `export { LRUCache } from 'lru-cache';`],
  ['libs/access/planted.ts', `export { resolveClaim } from '#libs/domain/scope/ownership.js';`],
  ['libs/transfer/planted.ts', `export { parse } from 'csv-parse/sync';`],
  ['libs/projections/planted.ts', `export { evolveMemory } from '#libs/domain/memory/memory.evolve.js';`],
  ['libs/adapters/postgres/planted.ts', `export { Client } from 'pg';`],
  ['libs/adapters/postgres/ledger/planted.ts', `export { Database } from '../database.js';`],
  ['libs/adapters/grpc/planted.ts', `export { loadProto } from '#libs/service-kit/grpc-package.js';`],
  ['libs/adapters/in-process/planted.ts', `export { Embedder } from '#libs/ports/embedder.js';`],
  ['libs/adapters/kafka/planted.ts', `export { Kafka } from 'kafkajs';`],
  ['libs/adapters/static-embedder/planted.ts', `export { textVector } from '#libs/domain/ranking/text-vector.js';`],
  ['libs/adapters/onnx-embedder/planted.ts', `export { Tensor } from 'onnxruntime-node';`],
  ['libs/adapters/bullmq/planted.ts', `export { Queue } from 'bullmq';`],
  ['libs/adapters/redis/planted.ts', `export { Redis } from 'ioredis';`],
  ['libs/adapters/webhooks/planted.ts', `export { BlockList } from 'node:net';`],
  ['libs/adapters/webhooks/planted.ts', `export { WebhookSender } from '#libs/ports/webhooks.js';`],
  ['libs/adapters/postgres/planted.ts', `export { readTurn } from '#libs/domain/ranking/turn-reading.js';`],
  ['libs/adapters/qdrant/planted.ts', `export { QdrantClient } from '@qdrant/js-client-rest';`],
  ['libs/adapters/rules/planted.ts', `export { parse } from 'chrono-node';`],
  ['libs/adapters/rules/planted.ts', `export { startConfidence } from '#libs/domain/belief/start-confidence.js';`],
  ['libs/adapters/openai/planted.ts', `export { OpenAI } from 'openai';`],
  ['libs/adapters/openai/planted.ts', `export { textVector } from '#libs/domain/ranking/text-vector.js';`],
  ['libs/adapters/openai/planted.ts', `export { startConfidence } from '#libs/domain/belief/start-confidence.js';`],
  ['libs/profiles/planted.ts', `export { Database } from '#libs/adapters/postgres/database.js';`],
  [
    'libs/service-kit/planted.ts',
    `export { trace } from '@opentelemetry/api';\nexport { Counter } from 'prom-client';`,
  ],
  ['libs/service-kit/planted.ts', `export { limits } from '#libs/domain/limits.js';`],
  ['apps/gateway/planted.ts', `export { writtenDay } from '#libs/domain/context/written-dates.js';`],
  ['apps/gateway/planted.ts', `export type { Memory } from '#libs/domain/memory/memory.evolve.js';`],
  ['apps/ingestion/planted.ts', `export { LogWriter } from '#libs/ports/log-writer.js';`],
  ['apps/search/planted.ts', `export { rankDocuments } from '#libs/domain/ranking/rank.js';`],
  ['apps/maintenance/planted.ts', `export { LogReader } from '#libs/ports/log-reader.js';`],
  ['apps/standalone/planted.ts', `export { SearchModule } from '#apps/search/search.module.js';`],
  ['libs/domain/memory/planted.unit.spec.ts', `export { expect } from '@jest/globals';`],
];

/** What the other rules of the configuration forbid, by the rule that has to say so. */
const WRONG_STATEMENTS: readonly (readonly [rule: string, ...Planted])[] = [
  ['no-restricted-properties', 'libs/domain/planted.ts', 'export const now = Date.now();'],
  ['no-restricted-properties', 'libs/domain/planted.ts', 'export const chance = Math.random();'],
  ['no-restricted-syntax', 'libs/domain/planted.ts', 'export const now = new Date();'],
  ['no-restricted-syntax', 'libs/domain/planted.ts', 'export const now = Date();'],
  ['no-restricted-globals', 'libs/domain/planted.ts', 'export const now = performance.now();'],
  ['no-restricted-properties', 'libs/profiles/planted.ts', 'export const port = process.env.PORT;'],
  ['no-restricted-properties', 'apps/gateway/planted.ts', 'export const { env } = process;'],
  ['no-restricted-imports', 'apps/gateway/planted.ts', `export { env } from 'node:process';`],
  ['no-console', 'apps/gateway/planted.ts', `console.log('hello');`],
  ['max-lines-per-function', 'apps/gateway/planted.ts', `export function long() {${'\n  void 0;'.repeat(70)}\n}`],
  ['regexp/no-super-linear-backtracking', 'libs/contracts/planted.ts', 'export const slow = /^(a+)+$/;'],
  ['regexp/no-super-linear-move', 'libs/contracts/planted.ts', 'export const slow = /a+$/;'],
];

const RIGHT_STATEMENTS: readonly Planted[] = [
  ['libs/domain/planted.ts', `export const start = new Date('2024-01-01T00:00:00Z');`],
  ['libs/service-kit/configuration.ts', 'export const port = process.env.PORT;'],
  ['apps/gateway/planted.ts', 'export const now = new Date();'],
  ['apps/gateway/planted.ts', `export function long() {${'\n  void 0;'.repeat(68)}\n}`],
  ['libs/contracts/planted.ts', 'export const fast = /^[a-z]+$/;'],
];

const key = ([filePath, statement]: Planted) => `${filePath} ${statement}`;

describe('the linter', () => {
  const messages = new Map<string, string[]>();

  beforeAll(() => {
    const wrongStatements = WRONG_STATEMENTS.map(([, filePath, text]) => [filePath, text] as const);
    const planted = [...WRONG_IMPORTS, ...RIGHT_IMPORTS, ...wrongStatements, ...RIGHT_STATEMENTS];
    const script = fileURLToPath(new URL('lint-texts.mjs', import.meta.url));
    const run = spawnSync(process.execPath, [script, ROOT], {
      input: JSON.stringify(planted.map(([filePath, text]) => ({ filePath, text: `${text}\n` }))),
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(run.stderr);
    const results = JSON.parse(run.stdout) as string[][];
    planted.forEach((file, index) => messages.set(key(file), results[index]!));
  });

  const imports = (file: Planted) => messages.get(key(file))!.filter((text) => text.startsWith('memorystack/'));

  it.each(WRONG_IMPORTS)('refuses in %s: %s', (...file) => {
    expect(imports(file)).toHaveLength(1);
  });

  it.each(RIGHT_IMPORTS)('allows in %s: %s', (...file) => {
    expect(messages.get(key(file))).toEqual([]);
  });

  it.each(WRONG_STATEMENTS)('says %s in %s', (rule, ...file) => {
    expect(messages.get(key(file))!.map((text) => text.split(': ')[0])).toContain(rule);
  });

  it.each(RIGHT_STATEMENTS)('is content with %s', (...file) => {
    expect(messages.get(key(file))).toEqual([]);
  });

  it('is tried with a wrong and a right import for every row of the table', () => {
    const isTried = (folder: string, files: readonly Planted[]) =>
      files.some(([path]) => path.startsWith(`${folder}/`));
    const untried = IMPORT_TABLE.filter(
      ({ folder }) => !isTried(folder, WRONG_IMPORTS) || !isTried(folder, RIGHT_IMPORTS),
    );
    expect(untried).toEqual([]);
  });
});
