import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base';

/** Nothing of anybody's texts stays behind. */
setMergeCacheSize(0);
/** What looks like a mark of the model is text like any other. */
const none = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** What the thread of `TokenCounter` runs: how many tokens each text has, in the order of the texts. */
export default function countAll(texts: readonly string[]): number[] {
  return texts.map((text) => countTokens(text, none));
}
