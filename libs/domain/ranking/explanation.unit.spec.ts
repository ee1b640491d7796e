import { expect, it } from '@jest/globals';
import { readingOf } from './explanation.js';
import { planQuestion } from './question-plan.js';

const read = (question: string) =>
  readingOf(planQuestion(question, { speakers: ['Ben Ray', 'Ann'], isOrdinaryWord: () => false }));

it('tells what was read from a question as plain data', () => {
  const reading = read('When and where did ann and BEN plan the picnic of 3 Sept 2023?');
  expect(reading).toEqual({
    text: 'When and where did Ann and Ben Ray plan the picnic of 3 September 2023?',
    terms: ['plan', 'picnic', '3', 'septemb', '2023'],
    speakers: ['Ann', 'Ben Ray'],
    addressedRole: null,
    asks: ['when', 'where', 'plan'],
    isHistorical: true,
    days: { first: '2023-09-03', last: '2023-09-03' },
  });
  expect(JSON.parse(JSON.stringify(reading))).toEqual(reading);
});

it('tells whose words are meant, and titles', () => {
  expect(read('Which book did you recommend?')).toMatchObject({ addressedRole: 'assistant', asks: ['title'] });
  expect(read('🎉')).toMatchObject({ terms: [], speakers: [], asks: [], isHistorical: false, days: null });
});
