import { Tokenizer } from '@huggingface/tokenizers';
import type { EmbeddedAs } from '#libs/ports/embedder.js';
import type { ModelFolder } from './model-folder.js';

/** More characters than this for each token that the model reads are not looked at; words have four or five. */
const charsPerToken = 16;
/** What stands around it is what stands around every text: each kind of tokenizer has its own way to say that. */
const word = 'a';

/** Turns texts into the numbers of a model's tokens, never more than it takes. */
export class TextTokens {
  private readonly tokenizer: Tokenizer;
  /** What every text is put between. */
  private readonly before: readonly number[];
  private readonly after: readonly number[];
  /** Those of a short word, between its marks: to try the model with. */
  readonly sample: readonly number[];
  private readonly unknown: number | undefined;
  private readonly promptTokens: Record<EmbeddedAs, number>;

  constructor(private readonly model: ModelFolder) {
    this.tokenizer = new Tokenizer(model.tokenizer, model.tokenizerConfig);
    this.unknown = model.unknownToken === null ? undefined : this.tokenizer.token_to_id(model.unknownToken);
    this.sample = this.tokenizer.encode(word).ids;
    const plain = this.plain(word);
    const at = startOf(plain, this.sample);
    this.before = this.sample.slice(0, at);
    this.after = this.sample.slice(at + plain.length);
    const { question, document } = model.prompts;
    this.promptTokens = { question: this.plain(question).length, document: this.plain(document).length };
  }

  /** Nothing for a text of which the model knows no word. */
  of(text: string, as: EmbeddedAs): readonly number[] {
    const { prompts, tokensMost, lowersCase } = this.model;
    const read = text.slice(0, tokensMost * charsPerToken).toWellFormed();
    if (read.trim() === '') return [];
    const whole = prompts[as] + read;
    const tokens = this.plain(lowersCase ? whole.toLowerCase() : whole);
    const own = tokens.slice(this.promptTokens[as]);
    if (own.every((token) => token === this.unknown)) return [];
    const room = tokensMost - this.before.length - this.after.length;
    return [...this.before, ...tokens.slice(0, room), ...this.after];
  }

  private plain(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}

/** Where `part` begins in `whole`; in the front where it cannot be found. */
function startOf(part: readonly number[], whole: readonly number[]): number {
  const at = whole.findIndex((_, from) => part.every((token, offset) => whole[from + offset] === token));
  return Math.max(0, at);
}
