import { resolve } from 'node:path';
import type { EmbedderSettings } from '#libs/contracts/embedder-settings.js';
import type { EnvironmentReader } from './environment-reader.js';

const EMBEDDERS = ['static', 'none', 'onnx', 'openai'] as const;
type Name = (typeof EMBEDDERS)[number];

/** Each is of one embedder, and for every other one a mistake that nobody would notice. */
const OWNERS = {
  MEMORYSTACK_EMBEDDER_FOLDER: 'onnx',
  MEMORYSTACK_EMBEDDER_URL: 'openai',
  MEMORYSTACK_EMBEDDER_MODEL: 'openai',
  MEMORYSTACK_EMBEDDER_DIMENSIONS: 'openai',
  MEMORYSTACK_EMBEDDER_API_KEY: 'openai',
  MEMORYSTACK_EMBEDDER_TIMEOUT_MS: 'openai',
  MEMORYSTACK_EMBEDDER_TOKENS_PER_DAY: 'openai',
  MEMORYSTACK_EMBEDDER_BATCH: 'openai',
} as const satisfies Record<string, Name>;

/** What the embedder reads, in the order that the help shows it. */
export const EMBEDDER_VARIABLES = [
  'MEMORYSTACK_EMBEDDER',
  ...(Object.keys(OWNERS) as (keyof typeof OWNERS)[]),
] as const;
type Reader = Pick<
  EnvironmentReader<(typeof EMBEDDER_VARIABLES)[number]>,
  'text' | 'integer' | 'flag' | 'choice' | 'url' | 'problem'
>;

const DIMENSIONS_MOST = 8192;

/** How the server of the embedder `openai` is spoken to: nothing that changes what a text means. */
export interface EmbedderServer {
  /** Whose all of this is: a key goes nowhere else, also while an index of an earlier server still answers. */
  url: string;
  apiKey: string | null;
  /** How long one call may take, with its retries. */
  timeoutMs: number;
  /** In each process; 0 has no limit. */
  tokensPerDay: number;
  /** Jobs of embeddings go through its batch endpoint: half price, within a day. */
  batch: boolean;
}

/** The embedder, and what the one that has a server needs for it. */
export function readEmbedder(reader: Reader): { embedder: EmbedderSettings; embedderServer: EmbedderServer | null } {
  const name = reader.choice('MEMORYSTACK_EMBEDDER', EMBEDDERS, 'static');
  for (const [variable, owner] of Object.entries(OWNERS)) {
    if (owner === name || reader.text(variable as keyof typeof OWNERS) === null) continue;
    reader.problem(`${variable} is of no use to MEMORYSTACK_EMBEDDER=${name}: set ${owner}, or unset the variable`);
  }
  const needed = (variable: keyof typeof OWNERS, value: string | null): string => {
    if (value === null) reader.problem(`${variable} must be set: MEMORYSTACK_EMBEDDER=${name} needs it`);
    return value ?? '';
  };
  switch (name) {
    case 'onnx': {
      const folder = needed('MEMORYSTACK_EMBEDDER_FOLDER', reader.text('MEMORYSTACK_EMBEDDER_FOLDER'));
      return { embedder: { name, folder: resolve(folder) }, embedderServer: null };
    }
    case 'openai': {
      const embedder = readModel(reader, needed);
      return { embedder, embedderServer: readServer(reader, embedder.url) };
    }
    default:
      return { embedder: { name }, embedderServer: null };
  }
}

function readModel(
  reader: Reader,
  needed: (variable: keyof typeof OWNERS, value: string | null) => string,
): Extract<EmbedderSettings, { name: 'openai' }> {
  const url = reader.url('MEMORYSTACK_EMBEDDER_URL', ['http:', 'https:'], 'https://host/v1');
  if (url !== null && URL.canParse(url) && new URL(url).password !== '') {
    reader.problem('MEMORYSTACK_EMBEDDER_URL must not hold a password: it is kept beside the index');
  }
  const hasLength = reader.text('MEMORYSTACK_EMBEDDER_DIMENSIONS') !== null;
  if (!hasLength) needed('MEMORYSTACK_EMBEDDER_DIMENSIONS', null);
  return {
    name: 'openai',
    url: needed('MEMORYSTACK_EMBEDDER_URL', url),
    model: needed('MEMORYSTACK_EMBEDDER_MODEL', reader.text('MEMORYSTACK_EMBEDDER_MODEL')),
    dimensions: reader.integer('MEMORYSTACK_EMBEDDER_DIMENSIONS', { standard: 1, min: 1, max: DIMENSIONS_MOST }),
  };
}

function readServer(reader: Reader, url: string): EmbedderServer {
  const apiKey = reader.text('MEMORYSTACK_EMBEDDER_API_KEY');
  if (apiKey !== null && /[^\x21-\x7e]/.test(apiKey)) {
    reader.problem('MEMORYSTACK_EMBEDDER_API_KEY must be printable ASCII without spaces');
  }
  const timeout = { standard: 10_000, min: 100, max: 600_000 };
  const budget = { standard: 0, min: 0, max: 1_000_000_000_000 };
  return {
    url,
    apiKey,
    timeoutMs: reader.integer('MEMORYSTACK_EMBEDDER_TIMEOUT_MS', timeout),
    tokensPerDay: reader.integer('MEMORYSTACK_EMBEDDER_TOKENS_PER_DAY', budget),
    batch: reader.flag('MEMORYSTACK_EMBEDDER_BATCH'),
  };
}
