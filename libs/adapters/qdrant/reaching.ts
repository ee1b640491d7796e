import { SearchIndexUnreachable } from '#libs/ports/search-index.js';

/** Answers of a server, or of what stands before it, that is there but cannot serve now. */
const BUSY = new Set([429, 500, 502, 503, 504]);
const RETRY_AFTER_SECONDS = 2;

/** Runs a request to Qdrant. @throws SearchIndexUnreachable when there was no answer, or none that is one */
export async function reaching<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw isOutOfReach(error) ? new SearchIndexUnreachable(RETRY_AFTER_SECONDS, { cause: error }) : error;
  }
}

/** What the client throws when the time is over or the server asks to wait. */
const WAITING = new Set([
  'QdrantClientTimeoutError',
  'QdrantClientResourceExhaustedError',
  'AbortError',
  'TimeoutError',
]);
/** What fetch says of a connection that was refused, or that broke in the middle of an answer. */
const BROKEN = new Set(['fetch failed', 'terminated']);

function isOutOfReach(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name = '', message = '', status } = error as Partial<Error & { status: number }>;
  return status === undefined ? WAITING.has(name) || BROKEN.has(message) : BUSY.has(status);
}
