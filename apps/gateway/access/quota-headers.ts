import { quotaWarningShare } from '#libs/contracts/plans.js';
import type { RateDecision } from '#libs/ports/rate-limiter.js';
import type { Standing } from './quotas.js';

/**
 * The headers that published clients read, and those of draft-ietf-httpapi-ratelimit-headers-10, where the calls of a
 * month are a second policy. (It gets no `w`: months differ in length.)
 */
export function limitHeaders(
  { limit, remaining, resetAtSeconds }: RateDecision,
  standings: readonly Standing[],
  nowSeconds: number,
): Record<string, string> {
  const policies = [{ name: 'tenant', limit, remaining, resetAtSeconds }];
  for (const standing of standings) {
    if (standing.resetAtSeconds === null) continue;
    const left = Math.max(0, standing.limit - standing.used);
    policies.push({ ...standing, name: 'month', remaining: left, resetAtSeconds: standing.resetAtSeconds });
  }
  const now = policies.map(
    (policy) => `"${policy.name}";r=${policy.remaining};t=${Math.max(0, policy.resetAtSeconds - nowSeconds)}`,
  );
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetAtSeconds),
    'ratelimit-policy': policies.map((policy) => `"${policy.name}";q=${policy.limit}`).join(', '),
    ratelimit: now.join(', '),
    ...warning(standings),
  };
}

/** Names the quota that is nearest to its end, once most of it is used. */
function warning(standings: readonly Standing[]): Record<string, string> {
  const share = ({ used, limit }: Standing): number => used / limit;
  const [nearest] = [...standings].sort((left, right) => share(right) - share(left));
  if (!nearest || share(nearest) < quotaWarningShare) return {};
  return {
    'x-quota-name': nearest.quota,
    'x-quota-limit': String(nearest.limit),
    'x-quota-remaining': String(Math.max(0, nearest.limit - nearest.used)),
    ...(nearest.resetAtSeconds !== null && { 'x-quota-reset': String(nearest.resetAtSeconds) }),
  };
}
