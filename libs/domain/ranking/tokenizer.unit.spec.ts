import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { adjacentPairs, tokenize } from './tokenizer.js';

describe('tokenize', () => {
  it('keeps the content words of English in order, stemmed, repeated as they are', () => {
    expect(tokenize("I'm going to Lyon's parks; the parks’ trees didn't bloom in 2023!")).toEqual([
      'go',
      'lyon',
      'park',
      'park',
      'tree',
      'bloom',
      '2023',
    ]);
  });

  it('folds the accents of Latin letters, composed or not, and elided articles', () => {
    expect(tokenize('Café')).toEqual(tokenize('cafe\u0301'));
    expect(tokenize('Zoë à l’école, ＡＢＣ')).toEqual(['zoe', 'ecol', 'abc']);
  });

  it('keeps words of other alphabets whole', () => {
    expect(tokenize('Кошка спит, γάτα, قطة, बिल्ली')).toEqual(['кошка', 'спит', 'γάτα', 'قطة', 'बिल्ली']);
  });

  it('finds a part of a text without spaces by overlapping characters', () => {
    const text = tokenize('東京タワーに行きました');
    for (const part of ['東京', 'タワー', '行']) {
      expect([part, tokenize(part).every((token) => text.includes(token))]).toEqual([part, true]);
    }
    expect(tokenize('한국어')).toEqual(['한국', '국어']);
    expect(tokenize('東京2024年')).toEqual(['東', '京', '東京', '2024', '年']);
  });

  it('has nothing to say about stop words, punctuation and emoji', () => {
    expect(tokenize('What did you do? 🎉👍 -- ...')).toEqual([]);
  });

  it('cuts a blob, so that a text cannot fill the dictionary with itself', () => {
    expect(tokenize('é'.repeat(200_000)).map((token) => token.length)).toEqual([64]);
  });

  it('gives words in lower case without separators for any text, whatever its case was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        for (const token of tokenize(text)) {
          expect(token).toMatch(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}]*$/u);
          expect(token).toBe(token.toLowerCase());
        }
        expect(tokenize(text.toUpperCase().toLowerCase())).toEqual(tokenize(text.toUpperCase()));
      }),
    );
  });
});

describe('adjacentPairs', () => {
  it('lists each pair of different neighbours once', () => {
    expect(adjacentPairs(['red', 'tea', 'tea', 'red', 'tea'])).toEqual(['red_tea', 'tea_red']);
  });
});
