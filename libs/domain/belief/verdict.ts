import type { WorldTime } from '../memory/memory.events.js';
import type { Statement } from './claim.js';
import { conflict } from './confidence.js';
import { type BeliefPolicies, type BeliefPolicy, type SlotClass, sourceRank } from './policy.js';
import { relate, wouldSupersede } from './relate.js';
import { type Relation, SUPERSEDING_PROBABILITY } from './relation.js';
import { slotRuleOf } from './slot-registry.js';

/** One of two statements that are compared. */
export interface Side {
  statement: Statement;
  /** 0 to 1. */
  confidence: number;
  /** Whose word it is: see `EvidenceOrigin`. */
  source: string;
  /** Since when it says that it is true; null where it does not say. */
  validFrom: WorldTime | null;
}

/** How a statement that was told stands to a belief that is held, and which of them is believed from now on. */
export interface Verdict {
  /** Of the later of the two to the earlier. */
  relation: Relation;
  policy: BeliefPolicy;
  /** What was told is older than what is held: it came late. */
  isLate: boolean;
  /** `both` also where nothing contradicts anything. */
  stays: 'told' | 'held' | 'both';
  /** When the one that does not stay stopped being true; null: never known to have been, or it stays. */
  closedFrom: WorldTime | null;
}

/** Compares what is told with what is held, and lets the policy decide where they contradict each other. Pure. */
export function verdictOn(told: Side, held: Side, sameSession: boolean, policies: BeliefPolicies): Verdict {
  const isLate = isOlder(told, held);
  const [later, earlier] = isLate ? [held, told] : [told, held];
  const relation = relate(later.statement, earlier.statement, { sameSession });
  const policy = policies[slotClassOf(relation.slot)];
  const winner = relation.relation === 'contradicts' ? winnerOf(later, earlier, relation, policy) : null;
  if (winner === null) return { relation, policy, isLate, stays: 'both', closedFrom: null };
  const stays = winner === told ? 'told' : 'held';
  const isReplaced = winner === later && relation.kind === 'update';
  return { relation, policy, isLate, stays, closedFrom: isReplaced ? beginningOf(later) : null };
}

/** What a contradiction that nobody settled adds to the log-odds of each side. */
export function conflictWeights(told: Side, held: Side, { relation, policy }: Verdict): { told: number; held: number } {
  if (policy === 'ask') return { told: 0, held: 0 };
  const isCorrection = relation.kind === 'correction';
  return {
    told: weightFrom(held, told),
    held: isCorrection ? conflict.stronger : weightFrom(told, held),
  };
}

function weightFrom(speaker: Side, about: Side): number {
  const [strength, resistance] = [sourceRank(speaker.source), sourceRank(about.source)];
  if (strength === resistance) return conflict.equal;
  return strength < resistance ? conflict.stronger : conflict.weaker;
}

/** The class whose policy decides about a slot. */
function slotClassOf(slot: string | null): SlotClass {
  if (slot === null) return 'none';
  const { cardinality, mutability } = slotRuleOf(slot);
  return cardinality === 'one' ? mutability : cardinality;
}

/** The one that stays alone, or null when both do. */
function winnerOf(later: Side, earlier: Side, relation: Relation, policy: BeliefPolicy): Side | null {
  const isSure = relation.probability >= SUPERSEDING_PROBABILITY && relation.grounds.length > 0;
  switch (policy) {
    case 'keep_both_flag':
    case 'ask':
      return null;
    case 'latest_wins':
      return wouldSupersede(relation) ? later : null;
    case 'highest_confidence':
      if (!isSure) return null;
      return earlier.confidence > later.confidence ? earlier : later;
    case 'source_rank':
      if (!isSure) return null;
      return sourceRank(earlier.source) < sourceRank(later.source) ? earlier : later;
  }
}

function isOlder(told: Side, held: Side): boolean {
  if (told.statement.observedAt < held.statement.observedAt) return true;
  return told.validFrom !== null && held.validFrom !== null && told.validFrom.instant < held.validFrom.instant;
}

/** From when it is true: what it says, else when it was said. */
function beginningOf({ statement, validFrom }: Side): WorldTime {
  return validFrom ?? { instant: statement.observedAt, precision: 'instant' };
}
