import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** Vectors of words as `tools/word-vectors.mjs` wrote them; see `data/README.md` for where they are from. */
export interface WordVectors {
  dimensions: number;
  /** From 0, the most frequent first. */
  rankOf: ReadonlyMap<string, number>;
  /** By rank: whole numbers, `dimensions` for each word. */
  values: Int8Array;
  /** By rank: what the numbers of the word are multiplied with. */
  scales: Float32Array;
}

/** Reads the table: some milliseconds, about 10 MB. */
export function wordVectors(dimensions: number): WordVectors {
  const words = readFileSync(new URL('data/words.txt', import.meta.url), 'utf8').split('\n');
  const { buffer } = Uint8Array.from(readFileSync(new URL('data/vectors.bin', import.meta.url)));
  const scalesLength = words.length * Float32Array.BYTES_PER_ELEMENT;
  if (buffer.byteLength !== scalesLength + words.length * dimensions)
    throw new Error('The table of word vectors does not have the vectors of its words.');
  if (endianness() !== 'LE') throw new Error('The table of word vectors is read on little-endian machines only.');
  return {
    dimensions,
    rankOf: new Map(words.map((word, rank) => [word, rank])),
    values: new Int8Array(buffer, scalesLength),
    scales: new Float32Array(buffer, 0, words.length),
  };
}
