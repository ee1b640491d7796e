import { LABEL_BY_WORD, LABEL_MAX_WORDS } from './families/labels.js';
import type { Label } from './families/labels.js';
import type { Token } from './tokens.js';

/** The heading before the colon that opens the sentence, when it names a kind of memory and something follows it. */
export function labelOf(tokens: readonly Token[], text: string): Label | undefined {
  const limit = Math.min(LABEL_MAX_WORDS, tokens.length - 1);
  for (let at = 0; at < limit; at += 1) {
    const token = tokens[at]!;
    const next = tokens[at + 1]!;
    if (next.gap === 'comma') return undefined;
    if (text[token.end] !== ':') continue;
    for (let back = at; back >= 0; back -= 1) {
      const label = LABEL_BY_WORD.get(tokens[back]!.word);
      if (label !== undefined) return label;
    }
    return undefined;
  }
  return undefined;
}
