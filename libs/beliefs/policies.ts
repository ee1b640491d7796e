import { LRUCache } from 'lru-cache';
import { type BeliefPolicies, type PolicySet, standardPolicies } from '#libs/domain/belief/policy.js';
import type { LogReader } from '#libs/ports/log-reader.js';

export const policyStream = 'policy-belief';

/** For how long another process may still decide by the policies of before. */
const STALE_MS = 1_000;

/** The belief policies of each tenant, as the log has them. */
export class Policies {
  private readonly known = new LRUCache<string, BeliefPolicies>({ max: 10_000, ttl: STALE_MS });

  constructor(private readonly logReader: LogReader) {}

  async of(tenantId: string): Promise<BeliefPolicies> {
    const known = this.known.get(tenantId);
    if (known) return known;
    const { policies } = await this.current(tenantId);
    this.known.set(tenantId, policies);
    return policies;
  }

  /** Never behind, with the version of the stream. */
  async current(tenantId: string): Promise<{ policies: BeliefPolicies; version: number }> {
    const events = await this.logReader.stream(tenantId, policyStream);
    const set = events.flatMap(({ event }) => (event.data === null ? [] : [(event as PolicySet).data.policies]));
    return { policies: Object.assign({}, standardPolicies, ...set) as BeliefPolicies, version: events.length };
  }

  forget(tenantId: string): void {
    this.known.delete(tenantId);
  }
}
