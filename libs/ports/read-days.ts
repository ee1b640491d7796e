/**
 * Port: on which day each memory was last shown to somebody, outside the log: to be read changes no belief.
 *
 * Promises:
 * - `noteRead` never waits for a store; what it was told reaches it within seconds or at `flush`.
 * - A day never goes back, whichever process noted it.
 * - Of a memory that was erased nothing is kept, also when it is noted afterwards.
 */
export abstract class ReadDays {
  abstract noteRead(tenantId: string, memoryIds: readonly string[]): void;
  /** Calendar day (UTC, such as `2026-03-31`) of those of `memoryIds` that were ever read. */
  abstract lastReadDays(tenantId: string, memoryIds: readonly string[]): Promise<Map<string, string>>;
  abstract flush(): Promise<void>;
}
