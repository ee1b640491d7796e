import { describe, expect, it } from '@jest/globals';
import { beginningOf, planQuestion } from './question-plan.js';
import { tokenize } from './tokenizer.js';
import { possibleMisspelledNames, readQuestion, soundex } from './question-reading.js';

const SPEAKERS = ['Catherine Moss', 'Will Brown'];
const ORDINARY = new Set(['robin']);
const plan = (question: string, speakers: readonly string[] = SPEAKERS) =>
  planQuestion(question, { speakers, isOrdinaryWord: (word) => ORDINARY.has(word) });

describe('readQuestion', () => {
  const read = (question: string, speakers = SPEAKERS) =>
    readQuestion(question, speakers, (word) => ORDINARY.has(word));

  it.each([
    ['what does catherine like?', 'what does Catherine Moss like?'],
    ['What does Moss like?', 'What does Catherine Moss like?'],
    ['What are CATHERINE MOSS’s hobbies?', 'What are Catherine Moss’s hobbies?'],
    ['What does Katherine like?', 'What does Katherine like?'],
    ['What does Catharine like?', 'What does Catherine Moss like?'],
    ['Catharine likes what?', 'Catharine likes what?'],
    ['When is it, 3.5.2023 or 2023-06-04?', 'When is it, May 3, 2023 or June 4, 2023?'],
    ['Was it Sept. 3 or 4 aug?', 'Was it September 3 or 4 August?'],
    ['Was it on 3.15.2023?', 'Was it on 3.15.2023?'],
  ])('%s → %s', (question, full) => {
    expect(read(question).full).toBe(full);
  });

  it('tells the name Will from the word will', () => {
    expect([...read('Will it rain, and what will they do?').named]).toEqual([]);
    expect([...read('Where does Will live?').named]).toEqual(['Will Brown']);
  });

  it('takes no word of the conversation for a misspelled name', () => {
    expect([...read('Where is the Robin?', ['Ruben']).named]).toEqual([]);
    expect([...read('Where is Rubin?', ['Ruben']).named]).toEqual(['Ruben']);
    expect(possibleMisspelledNames('Where is Rubin, the Robin, in March?', ['Ruben', 'Murch'])).toEqual([
      'rubin',
      'robin',
    ]);
  });

  it('names everyone of that name, and names of scripts without spaces', () => {
    expect([...read('What did Ann say?', ['Ann Jones', 'Ann Smith']).named]).toEqual(['Ann Jones', 'Ann Smith']);
    expect([...read('田中さんはどこですか', ['田中', '鈴木']).named]).toEqual(['田中']);
    expect([...read('what did user2 say', ['user1', 'user2']).named]).toEqual(['user2']);
  });

  it('takes the longest of names that begin together', () => {
    expect([...read('What did Ann Jones say?', ['Ann Jones', 'Ann Smith']).named]).toEqual(['Ann Jones']);
    expect(read('What did Ann Jones say?', ['Ann Jones', 'Ann Smith']).full).toBe('What did Ann Jones say?');
  });

  it('gives the question without names for an embedder', () => {
    expect(read("What is Catherine's favourite tea?").withoutNames).toBe('What is favourite tea?');
  });

  it('takes the classic codes of Soundex', () => {
    expect(['Robert', 'Rupert', 'Tymczak', 'Pfister'].map(soundex)).toEqual(['R163', 'R163', 'T522', 'P236']);
  });

  it('is linear on hostile questions', () => {
    for (const part of ['jan ', '1.', 'in - ', 'Catharine ', "Catherine's ", '2023-', 'do you please ', '3 of ']) {
      const startedMs = performance.now();
      plan(part.repeat(20_000));
      expect([part, performance.now() - startedMs < 5_000]).toEqual([part, true]);
    }
  });
});

describe('planQuestion', () => {
  it('asks for the content words without the names, twice at most, and for their pairs', () => {
    const { terms, termCounts, pairs } = plan('Does Catherine like red tea, red tea, red cake?');
    expect(terms).toEqual(['like', 'red', 'tea', 'cake']);
    expect(termCounts).toEqual([1, 2, 2, 1]);
    expect(pairs).toEqual(['like_red', 'red_tea', 'tea_red', 'red_cake']);
  });

  it('asks for the name when there is nothing else to ask for, and for nothing when there is nothing at all', () => {
    expect(plan('Who is Catherine?').terms).toEqual(['catherin', 'moss']);
    expect(plan('🎉 what is it?').terms).toEqual([]);
  });

  it.each([
    ['When did they move?', { asksWhen: true, isHistorical: true }],
    ['Where do they live?', { asksWhere: true, asksWhen: false, isHistorical: false }],
    ['Which city is it?', { asksWhere: true }],
    ['What is the book called?', { asksTitle: true }],
    ['What are they planning?', { asksPlan: true }],
    ['Where did they live before?', { asksWhere: true, isHistorical: true }],
  ])('%s', (question, expected) => {
    expect(plan(question)).toMatchObject(expected);
  });

  it.each([
    ['What did you recommend to me?', 'assistant'],
    ['Which hotel you suggested was cheap?', 'assistant'],
    ['What was your advice?', 'assistant'],
    ['Where do I live?', 'user'],
    ['Do you remember what I told you about my dog?', 'user'],
    ['Can you tell me what my budget is?', 'user'],
    ['What is the capital?', null],
  ])('%s is about the turns of: %s', (question, role) => {
    expect(plan(question).addressedRole).toBe(role);
  });

  it('asks for the end of a long question in a script without spaces', () => {
    const question = `${'ฉันเคยบอกคุณว่าเมื่อเดือนที่แล้วฉันย้ายบ้านและขายรถยนต์'.repeat(2)} แล้วซื้อจักรยาน`;
    expect(plan(question).terms).toEqual(expect.arrayContaining(tokenize('จักรยาน')));
    const page = Array.from({ length: 1_000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');
    expect(plan(page).terms).toHaveLength(192);
  });

  it('reads the beginning of a pasted page, and cuts no character in two', () => {
    expect(beginningOf('x'.repeat(2_000))).toHaveLength(2_000);
    expect(beginningOf('x'.repeat(1_999) + '🎉🎉')).toBe(`${'x'.repeat(1_999)}\ufffd`);
  });

  it('asks only for the first words of a pasted page', () => {
    expect(plan(Array.from({ length: 500 }, (_, at) => `word${at}`).join(' ')).terms).toHaveLength(64);
  });
});
