import { byText } from './maintained-memory.js';
import type { Sighting } from './observation.js';

export type PatternKind = 'habit' | 'trend' | 'issue' | 'preference_class' | 'profile' | 'session_summary';

/** What was told several times, or is told together, as a memory of its own. Its text comes from a template. */
export interface PatternProposal {
  /** The same for the same pattern in every run: who finds a memory with it revises that one. */
  key: string;
  kind: PatternKind;
  /** In the third person, of "the user" where it is the user: "The user often goes running in the morning." */
  content: string;
  memoryType: 'pattern' | 'profile' | 'summary';
  /** At most `PATTERN_CONFIDENCE_MAX`: nobody said it. */
  confidence: number;
  /** How regular it is, 0 to 1. */
  strength: number;
  /** In the order of their ids. */
  sourceIds: string[];
  /** ISO 8601: the first day that speaks for it. */
  validFrom: string;
  /** What it is about, in normal form. */
  head: string;
}

export const PATTERN_CONFIDENCE_MAX = 0.85;
/** What was told on fewer days is no pattern. */
export const PATTERN_DAYS_MIN = 3;

/**
 * How likely the next telling agrees, after some that did and some that did not: Laplace's rule of succession,
 * (agreeing + 1) / (agreeing + opposing + 2).
 */
export function regularity(agreeing: number, opposing: number): number {
  return (agreeing + 1) / (agreeing + opposing + 2);
}

/** A pattern on what was observed; its confidence is that of its sources, times its strength. */
export function patternOf(
  kind: 'habit' | 'trend' | 'issue' | 'preference_class',
  { head, content, strength, key }: { head: string; content: string; strength: number; key: string },
  observations: readonly Sighting[],
): PatternProposal {
  const sources = new Map(observations.map(({ memory }) => [memory.id, memory]));
  const mean = [...sources.values()].reduce((sum, { confidence }) => sum + confidence, 0) / sources.size;
  const days = observations.map(({ day }) => day).sort(byText);
  return {
    key: `pattern:${kind}:${key}`,
    kind,
    content,
    memoryType: 'pattern',
    confidence: Math.min(PATTERN_CONFIDENCE_MAX, rounded(mean * strength)),
    strength: rounded(strength),
    sourceIds: [...sources.keys()].sort(byText),
    validFrom: `${days[0]!}T00:00:00.000Z`,
    head,
  };
}

/** Four decimals: the same on every machine, and easy to read. */
export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** "The user", "The export", "Anna". */
export function namedSubject(subject: string, observations: readonly Sighting[]): string {
  if (subject === 'self') return 'The user';
  const isName = observations.some(({ memory }) => memory.content.includes(capitalised(subject)));
  return isName && !subject.includes(' ') ? capitalised(subject) : `The ${subject}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const NAMED_MAX = 6;

/** "Almonds, cashews, walnuts": of many, the first ones. */
export const listed = (things: readonly string[]): string =>
  things.length > NAMED_MAX ? `${things.slice(0, NAMED_MAX).join(', ')} and more` : things.join(', ');
