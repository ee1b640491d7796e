import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planQuestion } from './question-plan.js';
import type { RankableDocument, RankedDocument, RankingOptions } from './rank.js';
import { byRank, discounted, rankDocuments } from './rank.js';
import { WEIGHTS } from './weights.js';
import { conversation, episodeAt, evenStatistics, memoryAt } from './ranking.fixture.js';

const plan = (question: string) => planQuestion(question, { speakers: [], isOrdinaryWord: () => false });
const OPTIONS: RankingOptions = { limit: 10, includeEpisodes: true, keepSuperseded: false, weights: WEIGHTS.none };

function ranked(question: string, documents: readonly RankableDocument<RankedDocument>[], options = OPTIONS) {
  return rankDocuments(plan(question), documents, evenStatistics(), options);
}

function episodes(question: string, texts: readonly string[]): RankableDocument<RankedDocument>[] {
  const turns = conversation(
    texts.map((text) => ({ text })),
    plan(question).terms,
  );
  return turns.map((context, at) => episodeAt(`e${at}`, context));
}

describe('rankDocuments', () => {
  const question = 'Which tea and which boat?';

  it('puts a memory and its turn together as the memory, with the place and the sources of the turn', () => {
    const turns = episodes(question, ['I like red tea', 'Rain again', 'My boat is fast']);
    const alone = ranked(question, turns);
    const together = ranked(question, [...turns, memoryAt('m0', 'likes red tea', turns[0]!)]);
    const standing = together.find(({ document }) => document.id === 'm0')!;
    expect(together.map(({ episodeIds }) => episodeIds)).toEqual(alone.map(({ episodeIds }) => episodeIds));
    expect(together.map(({ document }) => document.id)).not.toContain('e0');
    expect(standing.score).toBe(alone.find(({ document }) => document.id === 'e0')!.score);
  });

  it('lets the best matching memory stand, and keeps another only for words that the first does not have', () => {
    const turns = episodes(question, ['I like red tea and tea cake, and my boat is fast']);
    const memories = [
      memoryAt('m1', 'likes red tea', turns[0]!),
      memoryAt('m2', 'the boat is fast', turns[0]!),
      memoryAt('m3', 'tea cake', turns[0]!),
      memoryAt('m4', 'is happy', turns[0]!),
    ];
    const ids = ranked(question, [...turns, ...memories]).map(({ document }) => document.id);
    const standsForTea = ids.includes('m1') ? 'm1' : 'm3';
    expect([...ids].sort()).toEqual([standsForTea, 'm2'].sort());
  });

  it('shows the turn itself where no memory of it has a word of the question', () => {
    const turns = episodes(question, ['I like red tea. It rains.']);
    expect(
      ranked(question, [...turns, memoryAt('m1', 'it rains', turns[0]!)]).map(({ document }) => document.id),
    ).toEqual(['e0']);
  });

  it('lets a memory stand for an answer that has no word of the question itself', () => {
    const turns = episodes(question, ['Which tea?', 'The red one']);
    const results = ranked(question, [...turns, memoryAt('m1', 'prefers the red one', turns[1]!)]);
    expect(results.map(({ document }) => document.id).sort()).toEqual(['e0', 'm1']);
  });

  it('halves a superseded claim with the turn that it stands for, unless the past is asked about', () => {
    const texts = ['I live in Rome by the river', 'ok', 'ok then', 'I live in Lyon'];
    const turns = episodes('Where does he live, by the river?', texts);
    const old = memoryAt('old', 'lives in Rome by the river', turns[0]!, 'superseded');
    const current = memoryAt('current', 'lives in Lyon', turns[3]!);
    const first = (asked: string, options = OPTIONS) =>
      ranked(asked, [...turns, old, current], options)[0]!.document.id;
    expect(first('Where does he live, by the river?')).toBe('current');
    expect(first('Where did he live, by the river?')).toBe('old');
    expect(first('Where does he live, by the river?', { ...OPTIONS, keepSuperseded: true })).toBe('old');
  });

  it('lets a current memory stand before a superseded one that matches better', () => {
    const asked = 'Which red tea is it?';
    const turns = episodes(asked, ['I like red tea']);
    const memories = [
      memoryAt('old', 'likes red tea', turns[0]!, 'superseded'),
      memoryAt('new', 'likes tea', turns[0]!),
    ];
    expect(ranked(asked, [...turns, ...memories]).map(({ document }) => document.id)).toEqual(['new', 'old']);
  });

  it('gives memories the share of their turns when episodes are not wanted', () => {
    const turns = episodes(question, ['I like red tea', 'Rain', 'Rain again', 'More rain', 'Still more rain']);
    const memories = [memoryAt('m0', 'is fond of it', turns[0]!), memoryAt('m1', 'weather', turns[4]!)];
    const results = ranked(question, [...turns, ...memories], { ...OPTIONS, includeEpisodes: false });
    expect(results.map(({ document }) => document.id)).toEqual(['m0', 'm1']);
  });

  it('never loses a turn, and never ranks turns in another order, for any memories of them', () => {
    const words = ['tea', 'boat', 'red', 'rain', 'fast', 'Lyon', 'the'];
    const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 2, maxLength: 6 }),
        fc.array(fc.tuple(text, fc.nat(5))),
        (texts, learned) => {
          const turns = episodes(question, texts);
          const memories = learned.map(([memory, at], number) =>
            memoryAt(`m${number}`, memory, turns[at % turns.length]!),
          );
          const everything = { ...OPTIONS, limit: 1000 };
          const alone = ranked(question, turns, everything);
          const results = ranked(question, [...turns, ...memories], everything);
          const seen = [...new Set(results.flatMap(({ episodeIds }) => episodeIds))];
          expect([...seen].sort()).toEqual(alone.map(({ document }) => document.id).sort());
          for (const { document, score } of alone) {
            const best = Math.max(
              ...results.filter((each) => each.episodeIds.includes(document.id)).map((each) => each.score),
            );
            expect(best).toBeGreaterThanOrEqual(score - 1e-9);
          }
        },
      ),
    );
  });

  it('explains every score: contributions and adjustments add up to it', () => {
    const words = ['tea', 'boat', 'red', 'rain', 'Lyon', 'the'];
    const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));
    const learned = fc.record({ text, at: fc.nat(5), isSuperseded: fc.boolean() });
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        ...[fc.array(text, { minLength: 1, maxLength: 6 }), fc.array(learned), fc.boolean()],
        (texts, memories, includeEpisodes) => {
          const turns = episodes(question, texts);
          const all = memories.map((memory, number) => {
            const status = memory.isSuperseded ? 'superseded' : 'active';
            return memoryAt(`m${number}`, memory.text, turns[memory.at % turns.length]!, status);
          });
          for (const result of ranked(question, [...turns, ...all], { ...OPTIONS, includeEpisodes })) {
            const { features, adjustments, scoredId } = result.explanation;
            const parts = [
              ...features.map(({ contribution }) => contribution),
              ...adjustments.map(({ amount }) => amount),
            ];
            expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(result.score, 9);
            for (const { value, weight, contribution } of features) expect(contribution).toBe(value * weight);
            for (const { name } of adjustments) seen.add(name);
            seen.add(scoredId === result.document.id ? 'itself' : 'another');
          }
        },
      ),
    );
    expect([...seen].sort()).toEqual(['another', 'itself', 'related', 'superseded']);
  });

  it('orders equal scores by id', () => {
    const scored = ['b', 'c', 'a'].map((id) => ({ score: 1 + 1e-9 * id.charCodeAt(0), document: { id } }));
    expect(scored.sort(byRank).map(({ document }) => document.id)).toEqual(['a', 'b', 'c']);
  });
});

describe('discounted', () => {
  it('always ranks lower than the whole and keeps the order, also below zero', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0.001, max: 20, noNaN: true }),
        (score, more) => {
          expect(discounted(score, 0.7)).toBeLessThanOrEqual(score);
          expect(discounted(score + more, 0.7)).toBeGreaterThan(discounted(score, 0.7));
        },
      ),
    );
    expect([discounted(10, 0.5), discounted(-10, 0.5), discounted(3, 1)]).toEqual([5, -15, 3]);
  });
});
