import { describe, expect, it } from '@jest/globals';
import { MEMORIES_MAX_PER_MESSAGE, RulesExtractor } from './rules-extractor.js';
import { SENTENCE_MAX_CHARS, splitSentences } from './sentences.js';

/** Quadratic work on the longer text takes minutes; linear work takes under a second on an idle machine. */
const SHORT_CHARS = 10_000;
const LONG_CHARS = 50_000;
const TEXT_MAX_MS = 4_000;

const SEEDS: readonly (readonly [name: string, seed: string])[] = [
  ['one word', 'a'],
  ['love love love', 'I love '],
  ['opening brackets', '('],
  ['commas', ','],
  ['commas and words', 'my, '],
  ['my my my', 'my '],
  ['no sentence end', 'I went to the market and my brother lives in Rome so we '],
  ['ranges of years', 'from 2015 to 2018 '],
  ['sentences of ranges', 'I lived in Rome from 2015 to 2018. '],
  ['nested quotes', '"I said \'she said "'],
  ['dates without end', 'yesterday last Friday on 3 May at 5pm '],
  ['dated sentences', 'May 5. I met him on May 5th at 3pm. '],
  ['reported speech', 'Kate said that '],
  ['thinking', 'I think '],
  ['conditions', 'if when because although '],
  ['questions', 'do you? '],
  ['dots', '.'],
  ['dotted words', 'a.b.'],
  ['apostrophes', "n't's"],
  ['bullets', '- I like tea\n'],
  ['code fences', '```x'],
  ['colons', 'note: '],
  ['capital letters', 'A B '],
  ['lone surrogates', '\ud83d '],
  ['the Sunday before', 'the Sunday before '],
  ['adverbs', 'really very '],
];

describe('text made to be slow', () => {
  it.each(SEEDS)('%s: read in time, with memories under the limit', async (_, seed) => {
    const extractor = new RulesExtractor();
    const timeOf = async (chars: number): Promise<number> => {
      const text = seed.repeat(Math.ceil(chars / seed.length));
      const startedAt = performance.now();
      const { memories } = await extractor.extract([
        { role: 'user', name: null, text, saidAt: '2024-05-16T10:00:00Z' },
      ]);
      expect(memories.length).toBeLessThanOrEqual(MEMORIES_MAX_PER_MESSAGE);
      for (const { source } of memories) expect(source.end - source.start).toBeLessThanOrEqual(SENTENCE_MAX_CHARS);
      return performance.now() - startedAt;
    };
    expect(await timeOf(SHORT_CHARS)).toBeLessThan(TEXT_MAX_MS);
    expect(await timeOf(LONG_CHARS)).toBeLessThan(TEXT_MAX_MS);
  });

  it('cuts every text into sentences that do not overlap and are never longer than the limit', () => {
    for (const [, seed] of SEEDS) {
      const text = seed.repeat(Math.ceil(10_000 / seed.length));
      let end = 0;
      for (const sentence of splitSentences(text)) {
        expect(sentence.start).toBeGreaterThanOrEqual(end);
        expect(sentence.end - sentence.start).toBeLessThanOrEqual(SENTENCE_MAX_CHARS);
        end = sentence.end;
      }
    }
  });
});
