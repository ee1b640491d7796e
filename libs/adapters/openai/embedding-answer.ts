import { endianness } from 'node:os';
import { type TextVector, textVector } from '#libs/domain/ranking/text-vector.js';

/** What of an answer is looked at; servers leave things out, and send others. */
interface Answer {
  data?: unknown;
  usage?: { prompt_tokens?: unknown; total_tokens?: unknown };
}

/** The vectors of the texts, in the order that they were sent; or what is wrong, as the end of a sentence. */
export function vectorsOf(answer: unknown, count: number, dimensions: number): TextVector[] | string {
  const { data } = (answer ?? {}) as Answer;
  if (!Array.isArray(data)) return 'it does not speak the API';
  if (data.length !== count) return `it answered with ${data.length} vectors for ${count} texts`;
  const vectors = new Array<TextVector | undefined>(count).fill(undefined);
  for (const [place, one] of (data as { index?: unknown; embedding?: unknown }[]).entries()) {
    const numbers = numbersOf(one?.embedding);
    if (numbers === null) return 'it does not speak the API';
    if (numbers.length !== dimensions) {
      return `its vectors have ${numbers.length} numbers, not ${dimensions}: put MEMORYSTACK_EMBEDDER_DIMENSIONS right`;
    }
    if (!numbers.every(Number.isFinite)) return 'its vectors have numbers that are none';
    const at = Number.isSafeInteger(one.index) ? (one.index as number) : place;
    if (at < 0 || at >= count || vectors[at] !== undefined) return 'its vectors do not say which texts they are of';
    vectors[at] = textVector(numbers);
  }
  return vectors as TextVector[];
}

export function tokensOf(answer: unknown): unknown {
  const { usage } = (answer ?? {}) as Answer;
  return usage?.prompt_tokens ?? usage?.total_tokens;
}

/** Some servers send little-endian bytes in base64, whatever they were asked for. */
function numbersOf(embedding: unknown): Float32Array | null {
  if (Array.isArray(embedding)) return Float32Array.from(embedding as number[]);
  if (typeof embedding !== 'string' || endianness() !== 'LE') return null;
  const { buffer, byteLength } = Uint8Array.from(Buffer.from(embedding, 'base64'));
  return byteLength % Float32Array.BYTES_PER_ELEMENT === 0 ? new Float32Array(buffer) : null;
}
