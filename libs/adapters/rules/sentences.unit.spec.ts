import { describe, expect, it } from '@jest/globals';
import { SENTENCE_MAX_CHARS, splitSentences } from './sentences.js';

function split(text: string): string[] {
  return splitSentences(text).map(
    ({ start, end, question }) => text.slice(start, end) + (question ? ' (question)' : ''),
  );
}

describe('sentences', () => {
  it('end at stops and line breaks, with questions marked', () => {
    expect(split('I moved. Did you know? Yes!\n- first\n- second')).toEqual([
      'I moved',
      'Did you know (question)',
      'Yes',
      'first',
      'second',
    ]);
  });

  it('do not end inside numbers, versions, addresses and abbreviations', () => {
    expect(split('Dr. Lee pays $1.8 for v2.3.1 at api.example.org. Next one.')).toEqual([
      'Dr. Lee pays $1.8 for v2.3.1 at api.example.org',
      'Next one',
    ]);
  });

  it('leave fenced code out, closed or not', () => {
    expect(split('Before.\n```\nI live in code.\n```\nAfter. ```open')).toEqual(['Before', 'After']);
  });

  it('are cut at the last border that fits, and a run without one is left out', () => {
    const clause = 'I like the number one and only tea';
    const long = Array.from({ length: 40 }, () => clause).join(', ');
    const pieces = split(long);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.every((piece) => piece.length <= SENTENCE_MAX_CHARS && piece.startsWith('I like'))).toBe(true);
    expect(split('x'.repeat(SENTENCE_MAX_CHARS + 1))).toEqual([]);
  });
});
