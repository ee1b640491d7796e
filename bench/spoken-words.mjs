// Made-up speech, the same on every machine: words whose frequencies fall as in real speech (Zipf), among real stop
// words. The words are of no language, so that no extraction rule and no stemmer shortens the work.

export const vocabulary = 30_000;
/** The most frequent words of speech are stop words; the first word that is searched for stands at about this rank. */
const firstRank = 10;
const stopWordShare = 0.45;
const stopWords = 'the a of to and in that it is was for on with as at by this be have from'.split(' ');
const consonants = 'bdfgklmnprstvz';
const vowels = 'aeiou';
const syllables = consonants.length * vowels.length;

/** Numerical Recipes' linear congruential generator. @returns a function that gives numbers from 0 to 1 */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** A pronounceable word for a number. */
export function word(number) {
  let text = '';
  for (let rest = number + syllables; rest > 0; rest = Math.floor(rest / syllables)) {
    text += consonants[rest % consonants.length] + vowels[Math.floor((rest % syllables) / consonants.length)];
  }
  return text;
}

/** A text of `length` words. @param wordOf the word of a rank, from 0 to 29,999 */
export function sentence(random, length, wordOf = word) {
  return Array.from({ length }, () =>
    random() < stopWordShare
      ? stopWords[Math.floor(random() * stopWords.length)]
      : wordOf(Math.floor(firstRank * (vocabulary / firstRank) ** random())),
  ).join(' ');
}

/** A whole number from `least` to `most`. */
export function between(random, least, most) {
  return least + Math.floor(random() * (most - least + 1));
}
