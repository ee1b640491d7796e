import { describe, expect, it } from '@jest/globals';
import { dayOfIsoText } from './calendar.js';
import { capitalisedWords, readTurn } from './turn-reading.js';

const SAID_AT = '2024-05-15T10:00:00.000Z';
const HOSTILE_CHARACTERS = 50_000;
/** Wide enough for a loaded machine; a quadratic pattern needs minutes. */
const HOSTILE_MAX_MS = 5_000;

describe('readTurn', () => {
  it('reads a turn once, and the caption for its words alone', () => {
    expect(readTurn("I'm going to Lyon tomorrow with my dog?  ", 'Our dog last year?', SAID_AT)).toEqual({
      tokens: ['go', 'lyon', 'tomorrow', 'dog', 'share', 'dog', 'last', 'year'],
      saidOn: dayOfIsoText('2024-05-15'),
      spokenSpan: { first: dayOfIsoText('2024-05-16'), last: dayOfIsoText('2024-05-16') },
      endsWithQuestionMark: true,
      hasTimeExpression: true,
      hasPlanPhrase: true,
      firstPersonWordCount: 2,
    });
  });

  it('finds nothing in an empty turn, and a day in a text that is no date', () => {
    expect(readTurn('', null, 'soon')).toMatchObject({ tokens: [], saidOn: 0, firstPersonWordCount: 0 });
  });

  it.each([
    ...[
      'a',
      'y',
      ' ',
      '.',
      '. ',
      'in ',
      'I ',
      '\u0301\u0316',
      'é',
      '猫',
      '"',
      "a'",
      'a couple of ',
      'last ',
      'may ',
      '2023 ',
    ],
    ...['Will', 'back in ', '12', '3 of ', 'next\t', '?\n', 'ﷺ', '\ud800'],
  ])('reads fifty thousand characters of %j in linear time', (part) => {
    const startedMs = performance.now();
    const text = part.repeat(HOSTILE_CHARACTERS / part.length);
    readTurn(text, text, SAID_AT);
    capitalisedWords(text);
    expect(performance.now() - startedMs).toBeLessThan(HOSTILE_MAX_MS);
  });
});

describe('capitalisedWords', () => {
  it('lists names inside of sentences, not their first words and not "I"', () => {
    const text = 'Yesterday Ann and I\'ve met Zoë. Then "Great Lyon" and the EU! What Fun';
    expect([...capitalisedWords(text)]).toEqual(['ann', 'zoë', 'lyon', 'eu', 'fun']);
  });
});
