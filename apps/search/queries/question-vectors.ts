import { LRUCache } from 'lru-cache';
import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import { type Embedder, EmbedderUnreachable } from '#libs/ports/embedder.js';

/** A question is answered by its words when its vector takes longer. */
const patienceMs = 2_000;
const questionsKept = 1_000;

interface Asked {
  known: LRUCache<string, TextVector>;
  /** Nobody waits for the embedder before this moment of the monotonic clock. */
  awayUntilMs: number;
}

const askedOf = new WeakMap<Embedder, Asked>();

/**
 * What a question means. An embedder that takes its time is waited for a moment only, and is left alone for a while when
 * it could not be reached, so that no search waits for it again and again.
 * @throws EmbedderUnreachable
 */
export async function questionVector(embedder: Embedder, text: string): Promise<TextVector> {
  if (embedder.isInstant) return (await embedder.embed([text], 'question'))[0]!;
  const asked = askedOf.get(embedder) ?? { known: new LRUCache({ max: questionsKept }), awayUntilMs: 0 };
  askedOf.set(embedder, asked);
  const known = asked.known.get(text);
  if (known) return known;
  const awayMs = asked.awayUntilMs - performance.now();
  if (awayMs > 0) throw new EmbedderUnreachable(Math.ceil(awayMs / 1000));
  try {
    const vector = await withPatience(embedder.embed([text], 'question'));
    asked.known.set(text, vector[0]!);
    return vector[0]!;
  } catch (error) {
    if (error instanceof EmbedderUnreachable) asked.awayUntilMs = performance.now() + error.retryAfterSeconds * 1000;
    throw error;
  }
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  // It may fail when nobody waits for it any more.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new EmbedderUnreachable(Math.ceil(patienceMs / 1000))), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
