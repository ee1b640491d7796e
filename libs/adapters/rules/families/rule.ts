import type { Tense } from '../predicate.js';

export type MemoryType =
  | 'preference'
  | 'fact'
  | 'event'
  | 'goal'
  | 'guideline'
  | 'issue'
  | 'resolution'
  | 'research'
  | 'status'
  | 'feedback'
  | 'relationship'
  | 'decision'
  | 'skill';

/** Whom a sentence may be about. `speaker` includes a subject left out; `person` is a name, a kin or role noun, he or she; `activity` is a gerund ("Baking"); `this` introduces somebody. */
export type Party = 'speaker' | 'addressee' | 'person' | 'thing' | 'activity' | 'imperative' | 'this';

/** What else the clause has to hold: a time in the world, how often, a figure or id, an inner name
 * (or nothing but names), a time to come, an opening "if" or "once",
 * an opening "from now on". */
export type Need = 'time' | 'frequency' | 'figure' | 'name' | 'names_only' | 'future' | 'condition' | 'standing';

/**
 * One surface form of a family, as data. The parser reads a clause into subject, verb group and rest; a rule says which
 * of them it takes. All expressions are tried on lower case text of at most one sentence, anchored where they can be.
 */
export interface Rule {
  /** `family.form`, stable across releases: it is recorded with the memory. */
  id: string;
  memoryType: MemoryType;
  about: readonly Party[];
  /** Lemmas of the main verb; `*` takes any. */
  verbs: readonly string[];
  /** Lemmas that `*` leaves out. */
  exceptVerbs?: readonly string[];
  /** Noun phrase before the verb. */
  subject?: RegExp;
  /** What follows the verb. */
  rest?: RegExp;
  /** What must not follow the verb. */
  unless?: RegExp;
  /** The modals in order, joined by a space; without it, a rule takes only `used to` or none. */
  modals?: RegExp;
  adverbs?: RegExp;
  tense?: Tense;
  progressive?: boolean;
  perfect?: boolean;
  negated?: boolean;
  needs?: readonly Need[];
  /** The form fixes the modality: "can't stand" negates nothing, "want to" is a wish. */
  modality?: 'asserted' | 'wish' | 'plan' | 'negated';
  /** The statement is read between the lines, so it starts less sure. */
  inferred?: boolean;
}

/** Pieces that several families use. */
export const SPEAKER_OR_PERSON: readonly Party[] = ['speaker', 'person'];
export const ANYONE: readonly Party[] = ['speaker', 'addressee', 'person'];
export const ANY_SUBJECT: readonly Party[] = ['speaker', 'person', 'thing'];

/** Objects that mean nothing without the conversation around them. */
export const EMPTY_OBJECT =
  /^(?:$|it\b|this\b|that\b|them\b|him\b|her$|her (?:so|too|very)\b|those$|these$|you\b|your\b|me\b|us\b|so\b|too\b|how\b|the way\b|what\b|when\b|where\b|why\b|to (?:hear|see|know|help|say|thank|chat|talk|catch|share)\b|hearing\b|seeing (?:you|your|how|that|it)\b|(?:the )?(?:sound|idea|vibe|look|energy|thought)s? (?:of|you)\b|the (?:idea|vibe|sound|look|energy|enthusiasm|support|thought)\b)/;
