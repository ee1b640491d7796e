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

function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { status } = error as Error & { status?: unknown };
  if (typeof status === 'number') return BUSY.has(status);
  // What fetch throws when there is no connection, and the client when the time is over or the server asks to wait.
  const names = ['QdrantClientTimeoutError', 'QdrantClientResourceExhaustedError', 'AbortError'];
  return names.includes(error.name) || (error instanceof TypeError && error.message.includes('fetch'));
}
