import { type TextVector, textVector } from '#libs/domain/ranking/text-vector.js';
import { contentWords } from '#libs/domain/ranking/tokenizer.js';
import { Embedder } from '#libs/ports/embedder.js';
import { inSlices } from '#libs/ports/in-slices.js';
import { type WordVectors, wordVectors } from './word-vectors.js';

/** Rare words weigh nearly 1, the most frequent ones little: a / (a + p), with p the share of all text that a word is. */
const smoothing = 1e-3;
/** Zipf's law for English: the word of rank r, from 0, has a share of 1 / ((r + 2.7) · 12) of all text. */
const rankOffset = 2.7;
const rankFactor = 12;
/** More words than this tell nothing more about what a text is about. */
const wordsMost = 2_000;

/**
 * The embedder `static`: a text is the sum of the vectors of its content words, the rare ones weighing most (smooth
 * inverse frequency; Arora, Liang and Ma, 2017). English, with nothing to install, a few microseconds a sentence.
 * The table is read from disk by the first who needs it.
 */
export class StaticEmbedder extends Embedder {
  override readonly model = 'glove-6b-100d-50k';
  override readonly kind = 'static';
  override readonly dimensions = 100;
  override readonly isInstant = true;
  private table: WordVectors | null = null;

  override async embed(texts: readonly string[]): Promise<TextVector[]> {
    const table = (this.table ??= wordVectors(this.dimensions));
    return inSlices(texts, (text) => sumOf(text, table));
  }
}

function sumOf(text: string, { rankOf, values, scales, dimensions }: WordVectors): TextVector {
  const sum = new Float32Array(dimensions);
  let words = 0;
  for (const word of contentWords(text)) {
    if (++words > wordsMost) break;
    const rank = rankOf.get(word);
    if (rank === undefined) continue;
    const factor = weightOf(rank) * scales[rank]!;
    const from = rank * dimensions;
    for (let at = 0; at < dimensions; at++) sum[at]! += factor * values[from + at]!;
  }
  return textVector(sum);
}

function weightOf(rank: number): number {
  return smoothing / (smoothing + 1 / ((rank + rankOffset) * rankFactor));
}
