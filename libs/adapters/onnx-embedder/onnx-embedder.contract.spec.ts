import { afterAll, beforeAll } from '@jest/globals';
import { embedderContract } from '#libs/ports/contracts/embedder.contract.js';
import { OnnxEmbedder } from './onnx-embedder.js';
import { TinyModel } from './tiny-model.fixture.js';

// A thread runs what is built, not the sources.
const compiled = new URL('../../../dist/libs/adapters/onnx-embedder/embedding-thread.js', import.meta.url);

const plain = new TinyModel();
const quantised = new TinyModel({}, { isQuantised: true });
const open = new Map<string, OnnxEmbedder>();
beforeAll(async () => {
  open.set('plain', await OnnxEmbedder.open(plain.folder, compiled));
  open.set('quantised', await OnnxEmbedder.open(quantised.folder, compiled));
});
afterAll(async () => {
  await Promise.all([...open.values()].map((embedder) => embedder.close()));
  plain.remove();
  quantised.remove();
});

embedderContract('the embedder onnx', () => open.get('plain')!);
embedderContract('the embedder onnx, of a model that quantises what it is given', () => open.get('quantised')!);
