import type { Ownership } from '../scope/ownership.js';
import type { ContradictionKind } from './relation.js';

/** How a contradiction was settled. `undone`: what it had led to was taken back, and with it the contradiction. */
export type Settlement = 'superseded' | 'rejected' | 'kept_both' | 'forgotten' | 'undone';

/** Two beliefs of one owner that cannot both be so. */
export interface ContradictionDetected {
  type: 'ContradictionDetected';
  data: {
    contradictionId: string;
    ownership: Ownership;
    /** The newer statement, and the belief that it contradicts. */
    memoryId: string;
    otherId: string;
    kind: ContradictionKind;
    probability: number;
    ruleId: string;
    rulesVersion: string;
    /** What the rule saw. */
    evidence: string[];
    slot: string | null;
    /** Settled at once by the rules and the policy; null: both stay, disputed, until somebody decides. */
    settlement: Settlement | null;
    /** What it added to the log-odds of the newer statement and of the belief; given back when it is settled for them. */
    weights: { told: number; held: number };
  };
}

/** Somebody, or an undo, decided. */
export interface ContradictionResolved {
  type: 'ContradictionResolved';
  data: {
    contradictionId: string;
    /** The two beliefs, as in its detection. */
    memoryId: string;
    otherId: string;
    /** Null opens it again: the settlement itself was undone. */
    settlement: Settlement | null;
    reason: string | null;
  };
}

/**
 * One of its beliefs was erased, and with it all that quotes it. Said by an event of its own, since whoever reads the
 * stream may still hold the key that was destroyed.
 */
export interface ContradictionErased {
  type: 'ContradictionErased';
  data: { contradictionId: string };
}

export type ContradictionEvent = ContradictionDetected | ContradictionResolved | ContradictionErased;

/** A contradiction as its events leave it. */
export interface Contradiction {
  id: string;
  ownership: Ownership;
  memoryId: string;
  otherId: string;
  kind: ContradictionKind;
  probability: number;
  ruleId: string;
  rulesVersion: string;
  evidence: string[];
  slot: string | null;
  settlement: Settlement | null;
  weights: { told: number; held: number };
  reason: string | null;
  version: number;
}

/** Folds one event into a contradiction; null before it was detected, and when it was erased. */
export function evolveContradiction(
  state: Contradiction | null,
  event: ContradictionEvent | { type: string; data: null },
): Contradiction | null {
  if (event.data === null) return null;
  const known = event as ContradictionEvent;
  if (known.type === 'ContradictionErased') return null;
  if (known.type === 'ContradictionDetected') {
    const { contradictionId: id, ...detected } = known.data;
    return { id, ...detected, reason: null, version: 1 };
  }
  if (state === null) throw new Error(`contradiction ${known.data.contradictionId} was settled before it was detected`);
  const { settlement, reason } = known.data;
  return { ...state, settlement, reason, version: state.version + 1 };
}
