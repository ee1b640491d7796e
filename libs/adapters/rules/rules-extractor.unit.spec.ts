import { describe, expect, it } from '@jest/globals';
import type { ExtractedMemory, ExtractorMessage } from '#libs/ports/extractor.js';
import { FIRST_SET } from './labelled/first-set.js';
import { formatMemory } from './labelled/format.js';
import { scoreTypes } from './labelled/score.js';
import { SECOND_SET } from './labelled/second-set.js';
import { SAID_AT, STATEMENTS } from './labelled/statements.js';
import { UNSEEN_SET } from './labelled/unseen-set.js';
import { WORK_STATEMENTS } from './labelled/work-statements.js';
import { RulesExtractor } from './rules-extractor.js';
import { RULES } from './families/catalogue.js';

const extractor = new RulesExtractor();

function said(text: string, from: Partial<ExtractorMessage> = {}): ExtractorMessage {
  return { role: 'user', name: null, text, saidAt: SAID_AT, ...from };
}

async function extract(...messages: ExtractorMessage[]): Promise<ExtractedMemory[]> {
  return (await extractor.extract(messages)).memories;
}

async function texts(...messages: ExtractorMessage[]): Promise<string[]> {
  return (await extract(...messages)).map(({ text }) => text);
}

describe('what a user says', () => {
  it.each([...STATEMENTS, ...WORK_STATEMENTS])('%s', async (text, ...expected) => {
    expect((await extract(said(text))).map(formatMemory)).toEqual(expected);
  });

  it('covers every memory type', () => {
    const covered = new Set(
      [...STATEMENTS, ...WORK_STATEMENTS].flatMap(([, ...memories]) => memories.map((one) => one.split(' ')[0])),
    );
    expect([...covered].sort()).toEqual([...new Set(RULES.map(({ memoryType }) => memoryType))].sort());
  });
});

describe('precision and recall of types', () => {
  it.each([
    ['first', FIRST_SET, 0.97, 0.92],
    ['second', SECOND_SET, 0.94, 0.92],
    ['unseen', UNSEEN_SET, 0.95, 0.62],
  ] as const)('hold on the %s set', async (_, labelled, precisionMin, recallMin) => {
    const { precision, recall, misses } = await scoreTypes(extractor, labelled);
    const good = precision >= precisionMin && recall >= recallMin;
    expect({ good, precision, recall, misses }).toMatchObject({ good: true });
  });
});

describe('the quick start of the SDK', () => {
  it('makes two preferences of the first conversation and nothing of the small talk', async () => {
    const memories = await extract(
      said('I love Python and prefer dark mode'),
      said('Great! Python is excellent for data science.', { role: 'assistant' }),
    );
    expect(memories.map(({ memoryType, text }) => `${memoryType}: ${text}`)).toEqual([
      'preference: The user loves Python',
      'preference: The user prefers dark mode',
    ]);
    expect(memories[1]!.source).toEqual({ messageIndex: 0, start: 18, end: 34 });
  });

  it('takes the one about programming', async () => {
    const conversation = [said('I love Python programming'), said('Python is great for AI!', { role: 'assistant' })];
    expect(await texts(...conversation)).toEqual(['The user loves Python programming']);
  });
});

describe('speakers', () => {
  const gina = (text: string): ExtractorMessage => said(text, { name: 'Gina' });
  const omar = (text: string): ExtractorMessage => said(text, { name: 'Omar' });

  it('names the speaker, and the other party where exactly one is known', async () => {
    expect(await texts(gina('I adore jazz.'), omar('You said you live in Oslo. My wife hates jazz.'))).toEqual([
      'Gina adores jazz',
      'Gina said they live in Oslo',
      "Omar's wife hates jazz",
    ]);
  });

  it('leaves "you" alone when more than two talk', async () => {
    const third = said('You love jazz.', { name: 'Ute' });
    expect(await texts(gina('I adore jazz.'), omar('I hate jazz.'), third)).toEqual([
      'Gina adores jazz',
      'Omar hates jazz',
    ]);
  });

  it('takes from an assistant what it says about the user, decides or puts a figure to', async () => {
    const assistant = (text: string): ExtractorMessage => said(text, { role: 'assistant' });
    expect(await texts(assistant('You prefer window seats.'))).toEqual(['The user prefers window seats']);
    expect(await texts(assistant('I recommend upgrading to version 5.'))).toEqual([
      'The assistant recommends upgrading to version 5',
    ]);
    expect(await texts(assistant('Invoice #4521 was corrected.'))).toEqual(['Invoice #4521 was corrected']);
    expect(await texts(assistant('I love helping people. Everything is great in Rome. What else?'))).toEqual([]);
  });

  it('starts surer of a user than of a tool, an assistant, hearsay, a hedge or a guessed "she"', async () => {
    const confidenceOf = async (...messages: ExtractorMessage[]): Promise<number> =>
      (await extract(...messages)).at(-1)!.confidence;
    expect(await confidenceOf(said('I live in Oslo.'))).toBe(0.86);
    expect(await confidenceOf(said('Order #12 was refunded.', { role: 'tool' }))).toBe(0.82);
    expect(await confidenceOf(said('Order #12 was refunded.', { role: 'assistant' }))).toBe(0.62);
    expect(await confidenceOf(said('Kate said she lives in Oslo.'))).toBe(0.62);
    expect(await confidenceOf(said('I think Kate lives in Oslo.'))).toBe(0.55);
    expect(await confidenceOf(said('My sister Anna called. She lives in Oslo.'))).toBe(0.66);
  });
});

describe('he, she and they', () => {
  it('are the one person lately named', async () => {
    expect(await texts(said('I met Lena at work. She works at Bosch.'))).toContain('Lena works at Bosch');
    expect(await texts(said('My brother Max is here.'), said('He lives in Ghent.'))).toContain(
      "The user's brother Max lives in Ghent",
    );
  });

  it('are nobody when two could be meant, none was named, or the kin does not agree', async () => {
    expect(await texts(said('I met Lena and Ida. She works at Bosch.'))).not.toContain('Lena works at Bosch');
    expect(await texts(said('She works at Bosch.'))).toEqual([]);
    expect(await texts(said('My brother called. She works at Bosch.'))).toEqual([]);
    expect(await texts(said('It is in Oslo. It works at 5 volts.'))).toEqual([]);
  });

  it('forget a person who was named too long ago', async () => {
    const small = [said('Okay.'), said('Right.'), said('Sure.')];
    expect(await texts(said('My sister called.'), ...small, said('She works at Bosch.'))).toEqual([]);
  });
});

describe('the source', () => {
  it('is the clause in the message, and times carry across messages of other days', async () => {
    const first = said('Well, I moved to Rome yesterday, and I love it.');
    const second = said('I moved to Rome yesterday.', { saidAt: '2024-02-29T23:30:00Z' });
    const [one, two] = await extract(first, second);
    expect(first.text.slice(one!.source.start, one!.source.end)).toBe('I moved to Rome yesterday');
    expect(one!.text).toBe('The user moved to Rome yesterday (2023-01-19)');
    expect(two!.text).toBe('The user moved to Rome yesterday (2024-02-28)');
    expect(two!.source.messageIndex).toBe(1);
  });

  it('leaves code and questions out', async () => {
    expect(await texts(said('```\nI live in Rome.\n```\nI live in Bonn.'))).toEqual(['The user lives in Bonn']);
    expect(await texts(said('Should I move to Rome? Do I love jazz?'))).toEqual([]);
  });
});
