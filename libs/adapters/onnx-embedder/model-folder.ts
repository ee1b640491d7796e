import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EmbeddedAs } from '#libs/ports/embedder.js';

/** How the vectors of a text's tokens become one. */
export type Pooling = 'mean' | 'cls' | 'max' | 'mean_sqrt_len';

/** What the files of a folder in the layout of sentence-transformers say of the model in it. */
export interface ModelFolder {
  folder: string;
  /** Absolute path of the ONNX file, and of the files beside it that hold more of its weights. */
  weights: string;
  moreWeights: string[];
  tokenizer: object;
  tokenizerConfig: object;
  /** What a word that the model does not know becomes; null where every text is made of known pieces. */
  unknownToken: string | null;
  lowersCase: boolean;
  /** More of a text is not read; with the tokens that mark where it begins and ends. */
  tokensMost: number;
  pooling: Pooling;
  /** Whether vectors are brought to unit length. */
  isNormalised: boolean;
  /** Of a vector; null where the folder does not say. */
  dimensions: number | null;
  /** What is put before a text. */
  prompts: Record<EmbeddedAs, string>;
}

/** The folder is of no use as it is; the message says why and what to do. */
export class ModelFolderError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'ModelFolderError';
  }
}

/** Time and memory grow with the square of it, and what is remembered is seldom longer. */
export const TOKENS_MOST = 512;
const tokensStandard = 256;

const weightsPlaces = ['onnx/model.onnx', 'model.onnx'];
const poolingsByMode: Record<string, Pooling> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len',
};
/** Newer folders name the mode itself. */
const poolingsByName: Record<string, Pooling> = {
  ...{ cls: 'cls', mean: 'mean', max: 'max', mean_sqrt_len_tokens: 'mean_sqrt_len' },
};

type Fields = Record<string, unknown>;

/** @throws ModelFolderError */
export function readModelFolder(folder: string): ModelFolder {
  if (!existsSync(folder)) {
    throw new ModelFolderError(
      `There is no folder ${folder}: put a model there (npm run models -- --help), or set MEMORYSTACK_EMBEDDER_FOLDER.`,
    );
  }
  const config = needed(folder, 'config.json');
  const tokenizer = needed(folder, 'tokenizer.json');
  const tokenizerConfig = optional(folder, 'tokenizer_config.json') ?? {};
  const sentences = optional(folder, 'sentence_bert_config.json') ?? {};
  const { pooling, poolingDimensions, isNormalised } = readModules(folder);
  const weights = weightsOf(folder);
  const unknown = (tokenizer['model'] as Fields | undefined)?.['unk_token'];
  return {
    folder,
    weights,
    moreWeights: dataBeside(weights),
    tokenizer,
    tokenizerConfig,
    unknownToken: typeof unknown === 'string' ? unknown : null,
    lowersCase: sentences['do_lower_case'] === true,
    tokensMost: tokensMostOf(config, tokenizerConfig, sentences),
    pooling,
    isNormalised,
    dimensions: poolingDimensions ?? positive(config['hidden_size']),
    prompts: promptsOf(optional(folder, 'config_sentence_transformers.json') ?? {}),
  };
}

function weightsOf(folder: string): string {
  const place = weightsPlaces.find((path) => existsSync(join(folder, path)));
  if (place !== undefined) return join(folder, place);
  const others = ['onnx', '.'].flatMap((below) => onnxFiles(join(folder, below)));
  if (others.length === 1) return others[0]!;
  throw new ModelFolderError(
    others.length === 0
      ? `${folder} has no weights: export the model to ONNX and put it there as onnx/model.onnx.`
      : `${folder} has several ONNX files: name the one to use onnx/model.onnx.`,
  );
}

function onnxFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => join(folder, name));
}

/** Weights of more than 2 GB, and some smaller ones, lie in files of their own. */
function dataBeside(weights: string): string[] {
  const isData = (name: string) => name === `${basename(weights)}_data` || name === `${basename(weights)}.data`;
  return readdirSync(dirname(weights))
    .filter(isData)
    .map((name) => join(dirname(weights), name));
}

/** `modules.json` lists what a text goes through; without it: the mean, as it is. */
function readModules(folder: string) {
  const modules = optional(folder, 'modules.json') as unknown as { type?: unknown; path?: unknown }[] | null;
  if (modules !== null && !Array.isArray(modules)) {
    throw new ModelFolderError(`modules.json in ${folder} is not a list: fetch the folder again.`);
  }
  const types = (modules ?? []).map(({ type, path }) => ({
    type: String(type).split('.').at(-1)!,
    path: typeof path === 'string' ? path : '',
  }));
  const strange = types.find(({ type }) => !['Transformer', 'Pooling', 'Normalize'].includes(type));
  if (strange) {
    throw new ModelFolderError(
      `The model in ${folder} has a layer "${strange.type}" behind its transformer, which is not supported: use a model without it.`,
    );
  }
  const poolingPath = types.find(({ type }) => type === 'Pooling')?.path ?? '1_Pooling';
  const config = optional(folder, join(poolingPath, 'config.json'));
  return {
    pooling: config === null ? ('mean' as const) : poolingOf(folder, config),
    poolingDimensions: positive(config?.['word_embedding_dimension'] ?? config?.['embedding_dimension']),
    isNormalised: types.some(({ type }) => type === 'Normalize'),
  };
}

function poolingOf(folder: string, config: Fields): Pooling {
  const modes = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const name = config['pooling_mode'];
  const pooling = typeof name === 'string' ? poolingsByName[name] : poolingsByMode[modes[0] ?? ''];
  if (pooling === undefined || modes.length > 1 || config['include_prompt'] === false) {
    const wanted = typeof name === 'string' ? name : modes.join(' with ') || 'none';
    throw new ModelFolderError(
      `The model in ${folder} puts the vectors of its tokens together in a way that is not supported ` +
        `(${config['include_prompt'] === false ? 'without those of the prompt' : wanted}): ` +
        'use a model that takes the mean, the first token or the maximum of all of them.',
    );
  }
  return pooling;
}

function tokensMostOf(config: Fields, tokenizerConfig: Fields, sentences: Fields): number {
  const said = positive(sentences['max_seq_length']) ?? positive(tokenizerConfig['model_max_length']) ?? tokensStandard;
  const positions = positive(config['max_position_embeddings']) ?? TOKENS_MOST;
  return Math.min(said, positions, TOKENS_MOST);
}

/** Questions and documents by the names that folders give them; the standard one where there is one for all. */
function promptsOf(config: Fields): Record<EmbeddedAs, string> {
  const prompts = (config['prompts'] ?? {}) as Fields;
  const standard = config['default_prompt_name'];
  const first = (...names: unknown[]) => {
    const found = names.map((name) => prompts[String(name)]).find((prompt) => typeof prompt === 'string');
    return (found as string | undefined) ?? '';
  };
  return { question: first('query', standard), document: first('document', 'passage', standard) };
}

function needed(folder: string, name: string): Fields {
  const fields = optional(folder, name);
  if (fields !== null) return fields;
  throw new ModelFolderError(
    `${folder} has no ${name}: it has to be a folder of sentence-transformers with the files of its "fast" tokenizer.`,
  );
}

function optional(folder: string, name: string): Fields | null {
  const path = join(folder, name);
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Fields;
  } catch (error) {
    throw new ModelFolderError(`${path} is not JSON: fetch the folder again.`, { cause: error });
  }
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}
