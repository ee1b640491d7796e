import { move } from 'piscina';
import type { EmbeddedAs } from '#libs/ports/embedder.js';
import { EmbeddingModel } from './embedding-model.js';

/** One text, for the model in a folder. */
export type EmbeddingTask = readonly [folder: string, text: string, as: EmbeddedAs];

let opening: Promise<EmbeddingModel> | null = null;

/** What the thread of `OnnxEmbedder` runs; it opens the model with the first task. */
export default async function embedInThread([folder, text, as]: EmbeddingTask): Promise<Float32Array> {
  opening ??= EmbeddingModel.open(folder);
  const model = await opening;
  return move(await model.vectorOf(text, as)) as Float32Array;
}
