import { IRREGULAR_VERBS, REGULAR_VERBS, DOUBLING_VERBS, UNCHANGED_VERBS } from './verb-list.js';

/** Forms that one spelling may be; `read` is several at once. */
export interface VerbReading {
  lemma: string;
  base: boolean;
  third: boolean;
  past: boolean;
  participle: boolean;
  gerund: boolean;
}

type Form = Exclude<keyof VerbReading, 'lemma'>;

const READINGS = buildReadings();

/** What the spelling can be as a verb; undefined when the lexicon does not know it as one. */
export function readVerb(word: string): VerbReading | undefined {
  return READINGS.get(word);
}

/** The third person singular of a base form: `try` gives `tries`, `have` gives `has`. */
export function thirdPerson(base: string): string {
  if (base === 'be') return 'is';
  if (base === 'have') return 'has';
  if (/(?:s|x|z|ch|sh|o)$/.test(base)) return `${base}es`;
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ies`;
  return `${base}s`;
}

/** True when a word after `I` is in the past and so keeps its form in the third person. */
export function isPastOnly(word: string): boolean {
  const reading = READINGS.get(word);
  if (reading !== undefined) return reading.past && !reading.base;
  return word.endsWith('ed') && !word.endsWith('eed');
}

function regularPast(base: string, doubled: boolean): string {
  if (base.endsWith('e')) return `${base}d`;
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ied`;
  return doubled ? `${base}${base.at(-1)}ed` : `${base}ed`;
}

function gerund(base: string, doubled: boolean): string {
  if (base.endsWith('ie')) return `${base.slice(0, -2)}ying`;
  if (base.endsWith('e') && !/(?:ee|oe|ye)$/.test(base) && base !== 'be') return `${base.slice(0, -1)}ing`;
  return doubled ? `${base}${base.at(-1)}ing` : `${base}ing`;
}

function buildReadings(): Map<string, VerbReading> {
  const readings = new Map<string, VerbReading>();
  const put = (word: string, lemma: string, form: Form): void => {
    const known = readings.get(word);
    if (known !== undefined && known.lemma !== lemma) return;
    const reading = known ?? { lemma, base: false, third: false, past: false, participle: false, gerund: false };
    reading[form] = true;
    readings.set(word, reading);
  };
  const doubling = new Set(DOUBLING_VERBS);
  for (const [base, past, participle] of IRREGULAR_VERBS) {
    put(base, base, 'base');
    put(thirdPerson(base), base, 'third');
    for (const form of past.split('/')) put(form, base, 'past');
    for (const form of participle.split('/')) put(form, base, 'participle');
    put(gerund(base, doubling.has(base)), base, 'gerund');
  }
  for (const base of [...REGULAR_VERBS, ...UNCHANGED_VERBS]) {
    const doubled = doubling.has(base);
    const past = UNCHANGED_VERBS.includes(base) ? base : regularPast(base, doubled);
    put(base, base, 'base');
    put(thirdPerson(base), base, 'third');
    put(past, base, 'past');
    put(past, base, 'participle');
    put(gerund(base, doubled), base, 'gerund');
  }
  return readings;
}
