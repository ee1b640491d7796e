/** What a tenant may use. Null: as much as the server bears. */
export interface Quotas {
  /** In a calendar month (UTC). */
  apiCallsPerMonth: number | null;
  /** Memories that are believed at one time. */
  memories: number | null;
  /** UTF-8 bytes of the content of memories and messages. */
  storageBytes: number | null;
}

export interface Plan {
  name: string;
  quotas: Quotas;
  /** Null: as fast as the server's own settings allow (`MEMORYSTACK_RATE_LIMIT_PER_SECOND`, `_BURST`). */
  rate: { ratePerSecond: number; burst: number } | null;
}

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** The plan of a server of your own: its first tenant has it. */
export const selfHosted: Plan = {
  name: 'self-hosted',
  quotas: { apiCallsPerMonth: null, memories: null, storageBytes: null },
  rate: null,
};

/** Every plan that a tenant can have (`npm run tenants -- set-plan`). */
export const plans: readonly Plan[] = [
  selfHosted,
  {
    name: 'free',
    quotas: { apiCallsPerMonth: 10_000, memories: 5_000, storageBytes: 50 * mebibyte },
    rate: { ratePerSecond: 5, burst: 20 },
  },
  {
    name: 'pro',
    quotas: { apiCallsPerMonth: 1_000_000, memories: 500_000, storageBytes: 5 * gibibyte },
    rate: { ratePerSecond: 50, burst: 200 },
  },
  {
    name: 'enterprise',
    quotas: { apiCallsPerMonth: 100_000_000, memories: 50_000_000, storageBytes: 500 * gibibyte },
    rate: { ratePerSecond: 500, burst: 2_000 },
  },
];

/** From this share of a quota on, answers warn of it. */
export const quotaWarningShare = 0.8;

/** A name that only a newer release knows counts as no plan with quotas: an upgrade half-way must not refuse anybody. */
export function planOf(name: string): Plan {
  return plans.find((plan) => plan.name === name) ?? selfHosted;
}
