/**
 * Verbs and what they say of their subject, as data. A pattern is a verb lemma and what follows it:
 * `a|b` either word, `x?` perhaps, `*` the value, `@m` a moment, `@q` an amount. The first pattern that fits counts.
 */
export interface ClaimPattern {
  pattern: string;
  /** Slot of the registry; `$verb` and `$unit` are filled in. */
  slot: string;
  /** The pattern itself denies ("hate"), ends ("sold") or begins ("moved to") what the slot holds. */
  effect?: 'denies' | 'ends' | 'begins';
  /** Only of persons, or only of things. */
  about?: 'person' | 'thing';
  /** The value becomes the subject and the subject the value: "Anna manages Ben" says who Ben's manager is. */
  inverse?: boolean;
  /** Words that become the value where the pattern captures none. */
  value?: string;
  /** Only where the value begins with a capital letter. */
  named?: boolean;
  /** The first value is the subject, the second what the slot holds: "moved the keys to the shed". */
  ofObject?: boolean;
  /** What somebody does to the speaker: "my doctor put me on". */
  aboutSpeaker?: boolean;
}

type Option = Omit<ClaimPattern, 'pattern' | 'slot'>;

export const of = (slot: string, patterns: string, options: Option = {}): ClaimPattern[] =>
  patterns.split(';').map((pattern) => ({ pattern: pattern.trim(), slot, ...options }));
