import { describe, expect, it } from '@jest/globals';
import { claimed, maintained } from './maintenance.fixture.js';
import { areWordsInOrder, haveSameTurns, isDoneByAll, wordingOf } from './wording.js';

const wordings = (...texts: string[]) => texts.map((content, at) => wordingOf(maintained(`memory-${at}`, { content })));
const areAlike = (one: string, other: string, claims: Parameters<typeof haveSameTurns>[2] = null): boolean => {
  const [left, right] = wordings(one, other);
  return haveSameTurns(left!, right!, claims) && haveSameTurns(right!, left!, claims);
};

describe('haveSameTurns', () => {
  it.each([
    ['a direction', 'The bus goes to Bonn', 'The bus comes from Bonn'],
    ['nearness', 'The stall is at the gate', 'The stall is near the gate'],
    ['an owner', 'It is in our room', 'It is in her room'],
    ['a person', 'His report is done', 'Her report is done'],
    ['what is not achieved yet', 'Ada is moving to Bonn', 'Ada lives in Bonn'],
    ['what goes on and what is done', 'The dough is rising', 'The dough has risen'],
    ['a hedge', 'The plan is approved', 'The plan is approved in principle'],
    ['a need', 'The car needs oil', 'The car got oil'],
    ['the order of names', 'Ada helps Ben', 'Ben helps Ada'],
  ])('tells %s', (_, one, other) => {
    expect(areAlike(one, other)).toBe(false);
  });

  it.each([
    ['"every week" and "a week"', 'I swim every week', 'I swim each week'],
    ['a fronted day', 'On Mondays Ada swims', 'Ada swims on Mondays'],
    ['a university by either name', 'I was at Leiden University', 'I was at the University of Leiden'],
    ['ways to wish', 'I want to visit Oslo', 'I would like to visit Oslo'],
    ['ways to oblige', 'Gloves must be worn', 'Gloves have to be worn'],
  ])('does not mind %s', (_, one, other) => {
    expect(areAlike(one, other)).toBe(true);
  });

  it('takes a denial from equal claims, and names that these do not tell from the text', () => {
    const denied = [claimed('preference', 'olive', { polarity: 'negative' })];
    expect(areAlike("I can't stand olives", 'I hate olives', denied)).toBe(true);
    expect(areAlike("I can't stand olives", 'I hate olives', null)).toBe(false);
    const paid = [claimed('status', 'paid', { subject: 'fine' })];
    expect(areAlike('Ada paid the fine for Ben', 'Ben paid the fine for Ada', paid)).toBe(false);
  });
});

describe('areWordsInOrder', () => {
  it('compares the words that both have', () => {
    expect(areWordsInOrder(['brother', 'twin'], ['twin', 'brother'])).toBe(false);
    expect(areWordsInOrder(['brother', 'twin'], ['brother', 'old', 'twin'])).toBe(true);
  });
});

describe('isDoneByAll', () => {
  it('takes "we" for whoever does what is told in the passive', () => {
    expect(isDoneByAll('We keep logs for a week', 'Logs are kept for a week')).toBe(true);
    expect(isDoneByAll('I keep logs for a week', 'Logs are kept for a week')).toBe(false);
    expect(isDoneByAll('We keep logs for a week', 'Ben keeps logs for a week')).toBe(false);
  });
});
