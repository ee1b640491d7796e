import { afterEach, describe, expect, it } from '@jest/globals';
import { cosineOf, textVector, unitVector } from '#libs/domain/ranking/text-vector.js';
import { OnnxEmbedder } from './onnx-embedder.js';
import { onnxOf, type TableModel } from './onnx-writing.fixture.js';
import { type TinyFiles, TinyModel, wordVectors } from './tiny-model.fixture.js';

// A thread runs what is built, not the sources.
const compiled = new URL('../../../dist/libs/adapters/onnx-embedder/embedding-thread.js', import.meta.url);

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function opened(files: TinyFiles = {}, model: Partial<TableModel> = {}): Promise<OnnxEmbedder> {
  const tiny = new TinyModel(files, model);
  open.push(() => tiny.remove());
  const embedder = await OnnxEmbedder.open(tiny.folder, compiled);
  open.push(() => embedder.close());
  return embedder;
}

const mode = (name: string) => ({
  '1_Pooling/config.json': { word_embedding_dimension: 4, [`pooling_mode_${name}`]: true },
});
const plain = { 'modules.json': null };
const { tea, train } = wordVectors as Record<'tea' | 'train', number[]>;

describe('golden vectors of a tiny model', () => {
  it.each<[string, TinyFiles, string, number[]]>([
    // [CLS] and [SEP] are each other's opposite.
    ['the mean, normalised', {}, 'tea', [0, 0, 1, 0]],
    ['of two words', {}, 'Tea TRAIN', [0, Math.SQRT1_2, Math.SQRT1_2, 0]],
    ['the mean as it is', { ...plain, ...mode('mean_tokens') }, 'tea', tea.map((number) => number / 3)],
    ['the first token', { ...plain, ...mode('cls_token') }, 'tea', [0, 0, 0, 0.5]],
    ['the largest', { ...plain, ...mode('max_tokens') }, 'tea train', [0, 1, 1, 0.5]],
    ['the mean over the root', { ...plain, ...mode('mean_sqrt_len_tokens') }, 'tea', tea.map((n) => n / Math.sqrt(3))],
    ['the mean by its newer name', { '1_Pooling/config.json': { pooling_mode: 'mean' } }, 'tea', [0, 0, 1, 0]],
  ])('%s', async (_, files, text, expected) => {
    const [vector] = await (await opened(files)).embed([text], 'document');
    expect(vector).toEqual(textVector(Float32Array.from(expected)));
  });

  it('with what is put before questions and documents', async () => {
    const prompts = { 'config_sentence_transformers.json': { prompts: { query: 'train ', document: 'tea ' } } };
    const embedder = await opened(prompts);
    const [question] = await embedder.embed(['doctor'], 'question');
    const [document] = await embedder.embed(['doctor'], 'document');
    const along = (vector: typeof question, word: number[]) => cosineOf(unitVector(vector!)!, word);
    expect(along(question, train)).toBeGreaterThan(along(question, tea));
    expect(along(document, tea)).toBeGreaterThan(along(document, train));
    // A prompt says nothing of a text of which no word is known.
    const [unknown] = await embedder.embed(['zebra'], 'question');
    expect(unitVector(unknown!)).toBeNull();
  });

  it('of as many tokens as the model reads, and no more', async () => {
    const embedder = await opened({ 'sentence_bert_config.json': { max_seq_length: 4 } });
    const [cut, rest] = await embedder.embed(['tea tea train train', 'tea tea'], 'document');
    expect(cut).toEqual(rest);
  });

  it.each([
    [['input_ids']],
    [['input_ids', 'attention_mask', 'token_type_ids']],
    [['attention_mask', 'position_ids', 'input_ids']],
  ])('of an export that asks for %j', async (inputs) => {
    const [vector] = await (await opened({}, { inputs })).embed(['tea'], 'document');
    expect(vector).toEqual(textVector(Float32Array.of(0, 0, 1, 0)));
  });

  it('that change their name with the weights', async () => {
    const names = [await opened(), await opened(), await opened({}, { isQuantised: true })].map(
      ({ model }) => model.split('@')[1],
    );
    expect(names[0]).toBe(names[1]);
    expect(names[0]).not.toBe(names[2]);
  });
});

describe('a model that quantises what it is given', () => {
  it('would give a text another vector beside others, so each is alone', async () => {
    const embedder = await opened({}, { isQuantised: true });
    const [alone] = await embedder.embed(['a'], 'document');
    const [beside] = await embedder.embed(['a', 'doctor dentist teeth train'], 'document');
    const [together] = await embedder.embed(['a doctor dentist teeth train'], 'document');
    expect(beside).toEqual(alone);
    expect(together).not.toEqual(alone);
  });
});

describe('who asks', () => {
  it('is answered before documents that wait', async () => {
    const embedder = await opened();
    const order: string[] = [];
    const documents = Array.from({ length: 20 }, async (_, number) => {
      await embedder.embed([`tea ${number}`], 'document');
      order.push('document');
    });
    const question = embedder.embed(['train'], 'question').then(() => order.push('question'));
    await Promise.all([...documents, question]);
    expect(order.indexOf('question')).toBeLessThan(3);
  });

  it('is told when it is closed, also while waiting', async () => {
    const embedder = await opened();
    const waiting = Array.from({ length: 5 }, () => embedder.embed(['tea'], 'document'));
    const settled = Promise.allSettled(waiting);
    await embedder.close();
    await expect(embedder.embed(['tea'], 'question')).rejects.toThrow('closed');
    expect((await settled).at(-1)).toMatchObject({ status: 'rejected' });
  });
});

describe('a folder that is of no use is refused at once, with what to do:', () => {
  it('there is none', async () => {
    await expect(OnnxEmbedder.open('nowhere', compiled)).rejects.toThrow(
      /There is no folder .*nowhere: put a model there/,
    );
  });

  it.each<[string, TinyFiles, string]>([
    ['it has no tokenizer', { 'tokenizer.json': null }, 'has no tokenizer.json'],
    ['it has another tokenizer', { 'tokenizer.json': { model: { type: 'Abacus' } } }, 'tokenizer.json in'],
    ['it has no configuration', { 'config.json': null }, 'has no config.json'],
    ['its configuration was cut short', { 'config.json': '{"hidden_size": ' }, 'is not JSON: fetch the folder again'],
    ['it has no weights', { 'onnx/model.onnx': null }, 'export the model to ONNX'],
    [
      'it has no one weights',
      { 'onnx/model.onnx': null, 'onnx/a.onnx': 'a', 'onnx/b.onnx': 'b' },
      'several ONNX files',
    ],
    ['its weights are broken', { 'onnx/model.onnx': 'hello' }, 'cannot be opened'],
    ['its pooling is unknown', mode('lasttoken'), 'not supported (pooling_mode_lasttoken)'],
    ['it has another layer', { 'modules.json': [{ type: 'sentence_transformers.models.Dense' }] }, 'layer "Dense"'],
    [
      'its weights are of another model',
      { 'config.json': { hidden_size: 5 }, '1_Pooling/config.json': null },
      'says 5',
    ],
    [
      'its export asks for something else',
      { 'onnx/model.onnx': onnxOf({ table: [[1]], inputs: ['input_ids', 'pixels'] }) },
      'asks for input_ids, pixels',
    ],
  ])('%s', async (_, files, sentence) => {
    const refusal = expect(opened(files)).rejects;
    await refusal.toMatchObject({ name: 'ModelFolderError', message: expect.stringContaining(sentence) as unknown });
  });

  it('but one ONNX file of any name will do', async () => {
    const weights = onnxOf({ table: Object.values(wordVectors) });
    expect((await opened({ 'onnx/model.onnx': null, 'onnx/model_int8.onnx': weights })).dimensions).toBe(4);
  });
});
