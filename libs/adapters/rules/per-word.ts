/** So many words are remembered before all are forgotten; longer ones are no words of a language. */
const WORDS_MAX = 20_000;
const WORD_MAX_CHARS = 40;

/** `work` on single words, remembered: what people write says the same words over and over. */
export function perWord<Result>(work: (word: string) => Result): (word: string) => Result {
  const known = new Map<string, Result>();
  return (word) => {
    if (word.length > WORD_MAX_CHARS) return work(word);
    const found = known.get(word);
    if (found !== undefined || known.has(word)) return found as Result;
    if (known.size >= WORDS_MAX) known.clear();
    const result = work(word);
    known.set(word, result);
    return result;
  };
}
