import { type TextVector, textVector } from '#libs/domain/ranking/text-vector.js';
import { tokenize } from '#libs/domain/ranking/tokenizer.js';
import { Embedder } from '../embedder.js';

/** A model of four dimensions that anybody can work out by hand: a word counts for the dimension of its length. */
export class TinyEmbedder extends Embedder {
  override readonly model: string = 'tiny';
  override readonly kind = 'static';
  override readonly dimensions = 4;
  override readonly isInstant: boolean = true;

  override async embed(texts: readonly string[]): Promise<TextVector[]> {
    return texts.map(tinyVector);
  }
}

export function tinyVector(text: string): TextVector {
  const counts = new Float32Array(4);
  for (const word of tokenize(text)) counts[word.length % counts.length]! += 1;
  return textVector(counts);
}
