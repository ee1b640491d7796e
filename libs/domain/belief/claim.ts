import type { WorldTime } from '../memory/memory.events.js';

/** Whether the statement says it as so. Only `asserted` and `negated` can contradict anything. */
export type Modality = 'asserted' | 'negated' | 'hypothetical' | 'wish' | 'plan' | 'reported' | 'question';

/** How the claim stands to the moment of saying: `ended` tells that it stopped, `past` only that it once was so. */
export type Aspect = 'current' | 'past' | 'ended' | 'planned';

/** A number with its unit in normal form (`kg`, `usd`, `dog`); null is a bare count. */
export interface Quantity {
  amount: number;
  unit: string | null;
}

/**
 * One thing that a statement says of one subject: "Kate moved to Leeds in May" is `{subject: 'kate', slot: 'residence',
 * normal: 'leeds', validFrom: May}`. Stored with the memory in its event, so it is read once and never again.
 */
export interface Claim {
  /** In normal form; `self` is the user, the speaker, "I". */
  subject: string;
  /**
   * A slot of the registry with its topic where it has one: `residence`, `favorite:season`; of a thing its property, the
   * thing being the subject: `status` of `bug 77`. `any` replaces a value in whichever slot holds it.
   */
  slot: string;
  /** As it was said. */
  value: string;
  /** The value in normal form: equal values are equal strings. */
  normal: string;
  polarity: 'positive' | 'negative';
  modality: Modality;
  aspect: Aspect;
  /** Conditions under which it holds, in normal form and sorted: `at work`, `on weekdays`. */
  qualifiers: string[];
  quantity: Quantity | null;
  /** When it is true in the world; null where nothing was said (then it is taken from the time of saying). */
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
}

/** What a statement says about its relation to what was said before. */
export interface Cues {
  /** "Actually", "I meant", "correction": the earlier statement was wrong. */
  correction: boolean;
  /** "Now", "moved to", "switched", "no longer": the world changed. */
  change: boolean;
  /** "Also", "another", "as well": beside what was said. */
  addition: boolean;
}

/** A text as the relation rules see it: its claims, and its words for what no claim holds. */
export interface Statement {
  text: string;
  /** ISO 8601 in UTC: when it was said. */
  observedAt: string;
  modality: Modality;
  claims: Claim[];
  cues: Cues;
  /** Content words in normal form, in order; negations, numbers and ids are told apart from them. */
  words: string[];
  /** Numbers and ids that stand in it, in normal form: two statements about different ones are not comparable. */
  identifiers: string[];
  isNegated: boolean;
}
