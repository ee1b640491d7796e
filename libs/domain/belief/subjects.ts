/** Do two statements speak of the same person or thing? */

const PRONOUNS: ReadonlySet<string> = new Set(['he', 'she', 'they', 'it']);

/** 1 for the same subject, 0 for another, between where one only may be meant. */
export function subjectSureness(older: string, newer: string): number {
  if (older === newer || singular(older) === singular(newer)) return 1;
  if (older === 'self' || newer === 'self') return 0;
  if (PRONOUNS.has(newer)) return PRONOUNS.has(older) ? 0 : 0.8;
  if (PRONOUNS.has(older)) return 0;
  const before = older.split(' ');
  const after = newer.split(' ');
  if (isOwned(before) || isOwned(after) || isRanked(before) !== isRanked(after)) return 0;
  if (isSameNumbered(before, after)) return 0.95;
  const isShorter = after.length < before.length && after.at(-1) === before.at(-1);
  if (isShorter && after.every((word) => before.includes(word)) && !isNumbered(before)) return 0.93;
  if (after.length < before.length && before[0] === after[0] && after.length === 1 && !isNumbered(before)) return 0.8;
  return 0;
}

/** "Invoice INV-2290" and "INV-2290": what is numbered is known by its number. */
function isSameNumbered(before: readonly string[], after: readonly string[]): boolean {
  const [short, long] = before.length < after.length ? [before, after] : [after, before];
  const isNamed = short.some((word) => /[a-z]/.test(word) && /\d/.test(word));
  return short.length < long.length && isNamed && short.every((word) => long.includes(word));
}

/** At the start of a sentence a plural and a name look alike. */
const singular = (subject: string): string =>
  subject.endsWith('s') && !subject.endsWith('ss') ? subject.slice(0, -1) : subject;

const isOwned = (words: readonly string[]): boolean => words.some((word) => word.endsWith("'s"));
/** "My first dog" is another one than "my dog". */
const isRanked = (words: readonly string[]): boolean =>
  words.length > 1 && /^(?:first|second|third|fourth|fifth|former|previous|earlier)$/.test(words[0]!);
const isNumbered = (words: readonly string[]): boolean => words.some((word) => /\d/.test(word));
