export type UsageCounter = 'api_call' | 'search';

export interface Usage {
  /** All API calls ever, and those of the current calendar month (UTC). */
  totalApiCalls: number;
  monthApiCalls: number;
  totalSearches: number;
  monthSearches: number;
}

export interface UsageDay {
  /** Calendar day (UTC), such as `2026-03-31`. */
  day: string;
  apiCalls: number;
  searches: number;
}

/**
 * Port: durable counters outside the log. Calls and searches are not events: they say nothing of what is believed.
 *
 * Promises:
 * - `count` never waits for a store; counts reach it within a second or at `flush`.
 * - Counts of two processes add up.
 * - A count belongs to the day and the month in which `count` was called, however late it reaches the store.
 * - Days are kept for `limits.usageDays` days, months for ever.
 */
export abstract class UsageCounters {
  abstract count(tenantId: string, what: UsageCounter): void;
  abstract usage(tenantId: string): Promise<Usage>;
  /** The last `days` calendar days up to today, oldest first, without those on which nothing was counted. */
  abstract usageByDay(tenantId: string, days: number): Promise<UsageDay[]>;
  abstract flush(): Promise<void>;
}
