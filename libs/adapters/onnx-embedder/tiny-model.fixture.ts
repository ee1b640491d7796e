import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onnxOf, type TableModel } from './onnx-writing.fixture.js';

/** Words that a tiny model knows, with what they mean: teeth and doctors one way, journeys another, drinks a third. */
export const wordVectors: Record<string, readonly number[]> = {
  '[PAD]': [0, 0, 0, 0],
  '[UNK]': [0, 0, 0, 0.25],
  '[CLS]': [0, 0, 0, 0.5],
  '[SEP]': [0, 0, 0, -0.5],
  doctor: [1, 0.1, 0, 0],
  dentist: [1, 0, 0.1, 0],
  teeth: [0.9, 0, 0, 0.1],
  appointment: [0.6, 0.2, 0, 0],
  train: [0, 1, 0, 0],
  coast: [0.1, 0.9, 0, 0],
  porto: [0, 0.8, 0.3, 0],
  tea: [0, 0, 1, 0],
  green: [0, 0.1, 0.7, 0],
  a: [0, 0, 0, 0.05],
};
const words = Object.keys(wordVectors);

const tokenizer = {
  version: '1.0',
  added_tokens: words
    .slice(0, 4)
    .map((content, id) => ({ id, content, special: true, single_word: false, lstrip: false, rstrip: false })),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
};

const pooling = { word_embedding_dimension: 4, pooling_mode_mean_tokens: true, pooling_mode_cls_token: false };
const modules = ['Transformer', 'Pooling', 'Normalize'].map((name, idx) => ({
  ...{ idx, name: String(idx), type: `sentence_transformers.models.${name}` },
  path: idx === 0 ? '' : `${idx}_${name}`,
}));

/** Null leaves a file out; a text is written as it is, and everything else as JSON. */
export type TinyFiles = Record<string, unknown>;

/** A folder with a model of fourteen words, 4 numbers each. */
export class TinyModel {
  readonly folder = mkdtempSync(join(tmpdir(), 'memorystack-model-'));

  constructor(files: TinyFiles = {}, model: Partial<TableModel> = {}) {
    const standard: TinyFiles = {
      'config.json': { model_type: 'bert', hidden_size: 4, max_position_embeddings: 64 },
      'tokenizer.json': tokenizer,
      'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', model_max_length: 64 },
      'sentence_bert_config.json': { max_seq_length: 32, do_lower_case: false },
      'modules.json': modules,
      '1_Pooling/config.json': pooling,
      'onnx/model.onnx': onnxOf({ table: Object.values(wordVectors), ...model }),
    };
    for (const [name, content] of Object.entries({ ...standard, ...files })) {
      if (content === null) continue;
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      const isAsItIs = typeof content === 'string' || Buffer.isBuffer(content);
      writeFileSync(path, isAsItIs ? content : JSON.stringify(content));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
