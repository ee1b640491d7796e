import { limits } from '#libs/domain/limits.js';
import { showable } from './shown-text.js';

const ellipsis = ' …';
/** Characters that one text may take for each token of the budget: about half of it, so that one never takes all. */
const charactersPerToken = 2;
/** How far back a cut looks for the end of a word. */
const wordCharacters = 40;

/** More than any word has. The tokenizer's work grows with the square of a run, so a longer one gets a space inside. */
const unbroken = /(?:[\p{L}\p{M}]{64}|[^\s\p{L}\p{N}]{64})(?=\S)/gu;
/** What ends a line of ours: in a text it would pass for the source of what stands before it. */
const citation = /[(（﹙⟮❨]\s*(memory|message|handoff)(?=[\s:#]+\S)/giu;

/** The longest text that a context of so many tokens shows of one memory, in UTF-16 code units. */
export function textLengthFor(maxTokens: number): number {
  return Math.min(limits.contextTextLength, maxTokens * charactersPerToken);
}

/** A text as it may stand in a line of a prompt: it cannot end the line, nor pass for another source. */
export function lineText(text: string, length: number): { text: string; isCut: boolean } {
  // White space alone could fill the whole head; then that is what the text is like.
  const head = text.slice(0, length + 1);
  const isCut = text.length > length;
  const line = showable(isCut ? cut(head, length) : head)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(citation, '[$1')
    .replace(unbroken, '$& ');
  return { text: isCut ? line + ellipsis : line, isCut };
}

/** At the end of a word where one is near, and never inside a character. */
function cut(head: string, length: number): string {
  const space = head.slice(0, length + 1).search(/\s\S*$/);
  if (space > length - wordCharacters && space > 0) return head.slice(0, space);
  const kept = head.slice(0, length);
  return kept.replace(/[\uD800-\uDBFF]$/, '');
}

/** A name or a kind as it may stand before the text: it cannot end what it stands in. */
export function labelText(label: string): string {
  return showable(label)
    .replace(/[\s()[\]{}<>:（）【】［］：]+/gu, ' ')
    .trim();
}
