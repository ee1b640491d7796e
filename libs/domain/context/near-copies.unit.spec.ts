import { describe, expect, it } from '@jest/globals';
import { isCopyOfItsMemory, isNearCopy, toldText } from './near-copies.js';

const isCopy = (text: string, shown: string): boolean => isNearCopy(toldText(text), toldText(shown));

describe('isNearCopy', () => {
  it.each([
    ['Grace deploys billing on Tuesdays', 'Grace deploys billing on Tuesdays'],
    ['grace  deploys billing on tuesdays!', 'Grace deploys billing on Tuesdays.'],
    ['Grace really deploys the billing on Tuesdays', 'Grace deploys billing on Tuesdays'],
    ['Ada likes oolong tea', 'Ada likes oolong tea in the morning'],
    ['Ada like oolong tea', 'Ada likes oolong tea'],
    ['Café Müller opens at 9', 'Cafe Muller opens at 9'],
    ['我喜欢喝茶。', '我喜欢喝茶'],
  ])('%j tells nothing beside %j', (text, shown) => {
    expect(isCopy(text, shown)).toBe(true);
  });

  it.each([
    ['another number', 'The limit is 500 requests', 'The limit is 600 requests'],
    ['another date', 'The launch is on 7 May', 'The launch is on 8 May'],
    ['a number in another place', 'Moved from 3 rooms to 4', 'Moved from 4 rooms to 3'],
    ['a negation', 'Ada likes oolong tea', 'Ada does not like oolong tea'],
    ['a short negation', "Ada doesn't eat meat at home", 'Ada does eat meat at home'],
    ['an end', 'Ada works at Acme', 'Ada stopped works at Acme'],
    ['a tense', 'Ada lived in Oslo', 'Ada lives in Oslo'],
    ['another tense', 'Ada was a nurse', 'Ada is a nurse'],
    ['a condition', 'Ada comes on Friday', 'Ada comes on Friday if it rains'],
    ['German', 'Ada mag grünen Tee', 'Ada mag keinen grünen Tee'],
    ['French', 'Ada mange de la viande', 'Ada ne mange pas de la viande'],
    ['another person', 'Alice plays the cello', 'Bob plays the cello'],
    ['a turn of roles', 'Alice paid Bob for lunch', 'Bob paid Alice for lunch'],
    ['another value', 'The office wall is painted blue', 'The office wall is painted green'],
    ['a direction', 'Ada flies to Oslo', 'Ada flies from Oslo'],
    ['more than the other one', 'Ada likes oolong tea in the morning', 'Ada likes oolong tea'],
    ['a small part of it', 'Ada likes tea', 'Ada likes tea and coffee and milk and every juice that Bob makes'],
    ['nothing in common', '🦩', '🐟'],
  ])('%s keeps %j apart from %j', (_why, text, shown) => {
    expect(isCopy(text, shown)).toBe(false);
  });

  it('forgives one word in twenty, and no more', () => {
    const words = 'one deer two fox ran over grey hill past red barn under pale moon while owl sat upon old oak tree';
    expect(isCopy(words.replace('pale', 'pael'), words)).toBe(true);
    expect(isCopy(words.replace('pale', 'pael').replace('owl', 'olw'), words)).toBe(false);
  });
});

describe('isCopyOfItsMemory', () => {
  it.each([
    ['I moved to Lyon!', 'Ada moved to Lyon'],
    ['I really do love oolong tea', 'Loves oolong tea'],
  ])('%j tells nothing beside %j', (turn, memory) => {
    expect(isCopyOfItsMemory(turn, memory)).toBe(true);
  });

  it.each([
    ['I moved to Lyon with my dog, and the landlord is dreadful', 'Ada moved to Lyon'],
    ['I moved to Lyon for 900 a month', 'Ada moved to Lyon'],
  ])('%j says clearly more than %j', (turn, memory) => {
    expect(isCopyOfItsMemory(turn, memory)).toBe(false);
  });
});
