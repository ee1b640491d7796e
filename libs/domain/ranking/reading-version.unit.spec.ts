import { expect, it } from '@jest/globals';
import { READING_VERSION } from './reading-version.js';
import { adjacentPairs, tokenize } from './tokenizer.js';
import { readTurn } from './turn-reading.js';

/** Of many kinds: what an index holds of them is what an index made by this code holds of any text. */
const texts = [
  "I've been running 5 miles a day since last Tuesday, haven't I?",
  'We are going to visit Aunt Märta in São Paulo on 2026-03-14 (or the 15th).',
  'Ich habe gestern zwei Flaschen Wein gekauft; 3,50 € das Stück.',
  '私は去年の夏に京都へ行きました。',
  'ผมชอบดื่มชาเขียวทุกเช้า',
  'Привет! Завтра в 10:30 встречаемся у метро.',
  'naïve café — re-read https://example.org/a_b?c=1 #tag @name 🙂',
  'She said: "my plan is to learn to swim", and that was in May.',
];

it('the readings of texts are those of this version: who changes them raises it, and puts the new ones here', () => {
  const readings = texts.map((text) => {
    const reading = readTurn(text, 'a red kite', '2026-03-10T12:00:00.000Z');
    return { text, ...reading, pairs: [...adjacentPairs(tokenize(text))] };
  });
  expect({ version: READING_VERSION, readings }).toMatchSnapshot();
});
