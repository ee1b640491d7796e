import type { SearchIndex } from './search-index.js';

/** The index of that day is still being made. It goes on being made: the same call may come again. */
export class PastIndexNotReady extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super(`The search index of that day is being made; try again in ${retryAfterSeconds} seconds.`);
    this.name = 'PastIndexNotReady';
  }
}

/**
 * Port: search indexes that hold what the index of a tenant held when its log ended at an earlier position. They are made
 * when they are asked for, and kept while there is room.
 *
 * Promises:
 * - `work` finds exactly the documents of that day, however many other days are asked for meanwhile, and whatever is
 *   written. What was erased since is not among them.
 * - Calls for the same day that come while it is made wait for one making.
 * - One that takes long to make is told within seconds as `PastIndexNotReady`, and made all the same.
 */
export abstract class PastIndexes {
  abstract use<Result>(
    tenantId: string,
    position: number,
    work: (index: SearchIndex) => Promise<Result>,
  ): Promise<Result>;
}
