/**
 * Porter's stemmer for English (M. F. Porter, "An algorithm for suffix stripping", Program 14/3, 1980),
 * written from the published description. Linear in the length of the word.
 */

type Rule = readonly [suffix: string, replacement: string];

const LONGEST_FIRST = (left: string, right: string): number => right.length - left.length;

const STEP_2: readonly Rule[] = (
  [
    ['ational', 'ate'],
    ['tional', 'tion'],
    ['enci', 'ence'],
    ['anci', 'ance'],
    ['izer', 'ize'],
    ['abli', 'able'],
    ['alli', 'al'],
    ['entli', 'ent'],
    ['eli', 'e'],
    ['ousli', 'ous'],
    ['ization', 'ize'],
    ['ation', 'ate'],
    ['ator', 'ate'],
    ['alism', 'al'],
    ['iveness', 'ive'],
    ['fulness', 'ful'],
    ['ousness', 'ous'],
    ['aliti', 'al'],
    ['iviti', 'ive'],
    ['biliti', 'ble'],
  ] as Rule[]
).sort((left, right) => LONGEST_FIRST(left[0], right[0]));

const STEP_3: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const STEP_4: readonly string[] = 'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'
  .split(' ')
  .sort(LONGEST_FIRST);

/** The stem of a lower-case word; words that are not a-z or have at most two letters stay as they are. */
export function stem(word: string): string {
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word;
  const singular = withoutPlural(word);
  const base = withVowelBeforeFinalY(withoutPastOrGerund(singular));
  return withoutFinalE(withoutStep4(replaceFirst(replaceFirst(base, STEP_2), STEP_3)));
}

/** For each letter whether it is a consonant: y is one at the start and after a vowel. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = [];
  for (let index = 0; index < word.length; index++) {
    const letter = word.charAt(index);
    flags.push('aeiou'.includes(letter) ? false : letter === 'y' ? index === 0 || !flags[index - 1] : true);
  }
  return flags;
}

/** Porter's m: how many times a vowel is followed by a consonant. */
function measure(word: string): number {
  const flags = consonants(word);
  let count = 0;
  for (let index = 1; index < flags.length; index++) if (flags[index] && !flags[index - 1]) count += 1;
  return count;
}

function hasVowel(word: string): boolean {
  return consonants(word).includes(false);
}

function endsWithDoubleConsonant(word: string): boolean {
  return word.length > 1 && word.at(-1) === word.at(-2) && consonants(word).at(-1) === true;
}

/** Consonant, vowel, consonant at the end, the last one not w, x or y: a short syllable as in "hop". */
function endsWithShortSyllable(word: string): boolean {
  const flags = consonants(word);
  const shape = word.length > 2 && flags.at(-1) === true && flags.at(-2) === false && flags.at(-3) === true;
  return shape && !'wxy'.includes(word.charAt(word.length - 1));
}

function withoutPlural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function withoutPastOrGerund(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((ending) => word.endsWith(ending) && hasVowel(word.slice(0, -ending.length)));
  if (suffix === undefined) return word;
  const rest = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(rest)) return rest + 'e';
  if (endsWithDoubleConsonant(rest) && !'lsz'.includes(rest.charAt(rest.length - 1))) return rest.slice(0, -1);
  return measure(rest) === 1 && endsWithShortSyllable(rest) ? rest + 'e' : rest;
}

function withVowelBeforeFinalY(word: string): string {
  return word.endsWith('y') && hasVowel(word.slice(0, -1)) ? word.slice(0, -1) + 'i' : word;
}

function replaceFirst(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const rest = word.slice(0, -rule[0].length);
  return measure(rest) > 0 ? rest + rule[1] : word;
}

function withoutStep4(word: string): string {
  const suffix = STEP_4.find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const rest = word.slice(0, -suffix.length);
  return measure(rest) > 1 && (suffix !== 'ion' || /[st]$/.test(rest)) ? rest : word;
}

function withoutFinalE(word: string): string {
  let shortened = word;
  if (word.endsWith('e')) {
    const rest = word.slice(0, -1);
    const syllables = measure(rest);
    if (syllables > 1 || (syllables === 1 && !endsWithShortSyllable(rest))) shortened = rest;
  }
  return shortened.endsWith('ll') && measure(shortened) > 1 ? shortened.slice(0, -1) : shortened;
}
