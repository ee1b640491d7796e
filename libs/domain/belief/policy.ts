import type { MaintenanceSettings } from '../maintenance/settings.js';

/**
 * What happens by itself when a statement contradicts a belief.
 *
 * - `latest_wins`: the newer statement takes its place, where the rules are sure; else both stay, disputed.
 * - `keep_both_flag`: both stay, disputed.
 * - `highest_confidence`: where the rules are sure, the more confident one stays; the newer one when they are equal.
 * - `source_rank`: where the rules are sure, the one from the better source stays; the newer one when they are equal.
 * - `ask`: both stay, disputed, and neither loses confidence until somebody decides.
 */
export const beliefPolicies = ['latest_wins', 'keep_both_flag', 'highest_confidence', 'source_rank', 'ask'] as const;
export type BeliefPolicy = (typeof beliefPolicies)[number];

/** What a policy is set for: slots by how their values change in the world. */
export const slotClasses = ['state', 'volatile', 'rare', 'immutable', 'many', 'statistic', 'none'] as const;
export type SlotClass = (typeof slotClasses)[number];

export type BeliefPolicies = Readonly<Record<SlotClass, BeliefPolicy>>;

export const standardPolicies: BeliefPolicies = {
  state: 'latest_wins',
  volatile: 'latest_wins',
  rare: 'latest_wins',
  immutable: 'keep_both_flag',
  many: 'latest_wins',
  statistic: 'keep_both_flag',
  none: 'latest_wins',
};

/**
 * A tenant chose its policies: what it does not name stays as it was. Each kind of policy has a stream of its own.
 */
export interface PolicySet {
  type: 'PolicySet';
  data: {
    policies: Partial<BeliefPolicies>;
    /** All that maintenance does by itself from now on; null: as in the beginning. */
    maintenance?: MaintenanceSettings | null;
  };
}

/** From the strongest to the weakest. */
const sourceRanks = ['system_of_record', 'user', 'tool', 'assistant', 'inferred'] as const;

/** How good a source is; lower is better. A word that is none of them ranks as the user's. */
export function sourceRank(source: string): number {
  const rank = (sourceRanks as readonly string[]).indexOf(source);
  return rank === -1 ? sourceRanks.indexOf('user') : rank;
}
