import { describe, expect, it } from '@jest/globals';
import type { ExtractorMessage } from '#libs/ports/extractor.js';
import { message } from './model.fixture.js';
import { charsPerPack, halves, packsOf, type Piece } from './packs.js';

function exchanges(count: number, text = 'I love tea.'): ExtractorMessage[] {
  return Array.from({ length: count }, () => [message(text), message('Good.', { role: 'assistant' })]).flat();
}

/** Every character of every message that is not blank is in one piece, in order. */
function expectWhole(messages: readonly ExtractorMessage[], packs: readonly (readonly Piece[])[]): void {
  const joined = new Map<number, string>();
  for (const { messageIndex, offset, text } of packs.flat()) {
    expect(offset).toBe(joined.get(messageIndex)?.length ?? 0);
    joined.set(messageIndex, (joined.get(messageIndex) ?? '') + text);
  }
  const said = messages.map(({ text }, index) => [index, text] as const).filter(([, text]) => text.trim() !== '');
  expect([...joined]).toEqual(said);
}

describe('packs', () => {
  it.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [6, 5]],
    [30, [10, 10, 10]],
    [31, [8, 8, 8, 7]],
  ])('%i exchanges become packs of %j', (count, sizes) => {
    const messages = exchanges(count);
    const packs = packsOf(messages);
    expect(packs.map((pack) => pack.length / 2)).toEqual(sizes);
    expectWhole(messages, packs);
  });

  it('takes two messages for an exchange where everybody is a user', () => {
    const packs = packsOf(Array.from({ length: 24 }, () => message('I love tea.')));
    expect(packs.map((pack) => pack.length)).toEqual([12, 12]);
  });

  it('leaves blank messages out', () => {
    const messages = [message(' \n'), message('I love tea.'), message('')];
    expect(packsOf(messages)).toEqual([[{ messageIndex: 1, offset: 0, text: 'I love tea.' }]]);
  });

  it('keeps packs to a length, and cuts long messages between sentences', () => {
    const messages = [...exchanges(8, 'I love tea. '.repeat(700)), message('I love jazz. '.repeat(6_000))];
    const packs = packsOf(messages);
    expectWhole(messages, packs);
    for (const pack of packs) {
      expect(pack.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(charsPerPack);
    }
    const cuts = packs.flat().filter(({ messageIndex }) => messageIndex === 16);
    expect(cuts.length).toBeGreaterThan(3);
    for (const { text } of cuts) expect(text.endsWith('. ')).toBe(true);
  });

  it('cuts a text without an end anywhere, but not in the middle of a character', () => {
    const messages = [message(`a${'😀'.repeat(30_000)}`)];
    const packs = packsOf(messages);
    expectWhole(messages, packs);
    for (const { text } of packs.flat()) expect(text.isWellFormed()).toBe(true);
  });
});

describe('halves', () => {
  it('are of whole messages, as long as there are some', () => {
    const [pack] = packsOf(exchanges(2));
    expect(halves(pack!)!.map((half) => half.map(({ messageIndex }) => messageIndex))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('are of one message then, until it is short', () => {
    let pack: Piece[] | null = [{ messageIndex: 3, offset: 70, text: 'I love tea. '.repeat(200) }];
    let rounds = 0;
    for (let next = halves(pack); next !== null; next = halves(pack)) {
      const [first, second]: [Piece[], Piece[]] = next;
      expect(first[0]!.text + second[0]!.text).toBe(pack[0]!.text);
      expect(second[0]!.offset).toBe(pack[0]!.offset + first[0]!.text.length);
      pack = first;
      rounds += 1;
    }
    expect(rounds).toBeGreaterThan(1);
    expect(rounds).toBeLessThan(10);
    expect(halves([])).toBeNull();
  });
});
