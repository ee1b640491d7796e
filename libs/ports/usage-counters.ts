export interface Usage {
  /** All API calls ever, and those of the current calendar month (UTC). */
  totalApiCalls: number;
  monthApiCalls: number;
  totalSearches: number;
  monthSearches: number;
}

/**
 * Port: durable counters outside the log. Calls and searches are not events: they say nothing of what is believed.
 *
 * Promises:
 * - `count` never waits for a store; counts reach it within a second or at `flush`.
 * - Counts of two processes add up.
 */
export abstract class UsageCounters {
  abstract count(tenantId: string, what: 'api_call' | 'search'): void;
  abstract usage(tenantId: string): Promise<Usage>;
  abstract flush(): Promise<void>;
}
