import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { relate } from '../belief/relate.js';
import { consolidate, consolidateInSteps } from './consolidate.js';
import type { MaintainedMemory } from './maintained-memory.js';
import { claimed, maintained, plainStatement } from './maintenance.fixture.js';

const options = { similarityThreshold: 0.8, statementOf: plainStatement };
const tea = (id: string, more: Partial<MaintainedMemory> = {}): MaintainedMemory =>
  maintained(id, { content: 'Anna likes tea', claims: [claimed('preference', 'tea', { subject: 'anna' })], ...more });

describe('consolidate', () => {
  it('merges what claims the same in other words into the more confident one', () => {
    const proposals = consolidate([tea('a'), tea('b', { content: 'Anna enjoys tea', confidence: 0.9 })], options);
    expect(proposals).toEqual([
      {
        canonicalId: 'b',
        sourceIds: ['a'],
        similarity: expect.closeTo(5 / 6),
        reasons: ['relation.same_form preference'],
      },
    ]);
  });

  it('keeps the one that tells most, then the newest, then the first by id', () => {
    const specific = tea('a', { content: 'Anna likes tea with milk', confidence: 0.5 });
    const merged = (...memories: MaintainedMemory[]) =>
      consolidate(memories, { ...options, similarityThreshold: 0.7 }).map(({ canonicalId }) => canonicalId);
    expect(merged(tea('b'), specific)).toEqual(['a']);
    expect(merged(tea('b'), tea('c', { observedAt: '2026-03-02T10:00:00.000Z' }))).toEqual(['c']);
    expect(merged(tea('c'), tea('b'))).toEqual(['b']);
  });

  it.each<[string, Partial<MaintainedMemory>]>([
    ['another number', { content: 'Anna likes tea 2' }],
    ['another modality', { modality: 'wish' }],
    ['another type', { memoryType: 'goal' }],
    ['told and derived', { derived: true }],
    ['disputed', { disputes: ['contradiction-1'], status: 'disputed' }],
    ['no longer believed', { status: 'superseded' }],
    ['a negation', { content: 'Anna hardly likes tea' }],
    ['a stance', { content: 'Anna should like tea' }],
    ['a time that was over', { validFrom: { instant: '2030-01-01T00:00:00.000Z', precision: 'day' } }],
  ])('never merges %s', (_, more) => {
    const first = tea('a', {
      memoryType: 'preference',
      validTo: { instant: '2029-01-01T00:00:00.000Z', precision: 'day' },
    });
    const merges = consolidate([first, tea('b', { memoryType: 'preference', ...more })], options);
    expect(merges).toEqual([]);
    expect(consolidate([first, tea('b', { memoryType: 'preference' })], options)).toHaveLength(1);
  });

  it('takes what happened on two days for two events', () => {
    const ran = (id: string, day: string) =>
      maintained(id, {
        content: 'I ran along the river',
        claims: [claimed('do:run', '', { aspect: 'past' })],
        observedAt: `2026-03-${day}T10:00:00.000Z`,
      });
    expect(consolidate([ran('a', '01'), ran('b', '02')], options)).toEqual([]);
    expect(consolidate([ran('a', '01'), ran('b', '01')], options)).toHaveLength(1);
  });

  it('can be interrupted after every memory and every group', () => {
    const steps = [...consolidateInSteps([tea('a'), tea('b')], options)];
    expect(steps).toHaveLength(5);
    expect(steps.at(-1)).toEqual({ done: 4, of: 4 });
  });

  const memories = fc
    .array(
      fc.record({
        who: fc.constantFrom('Anna', 'Ben'),
        verb: fc.constantFrom('likes', 'enjoys', 'does not like'),
        what: fc.constantFrom('tea', 'coffee', 'green tea'),
        count: fc.constantFrom('', ' 2'),
        confidence: fc.constantFrom(0.5, 0.8),
      }),
      { maxLength: 12 },
    )
    .map((told) =>
      told.map(({ who, verb, what, count, confidence }, at) =>
        maintained(`memory-${at}`, {
          content: `${who} ${verb} ${what}${count}`,
          confidence,
          claims: [
            claimed('preference', what, {
              subject: who.toLowerCase(),
              polarity: verb.includes('not') ? 'negative' : 'positive',
            }),
          ],
        }),
      ),
    );

  it('proposes the same in whatever order the memories come', () => {
    fc.assert(
      fc.property(
        memories.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => expect(consolidate(shuffled, options)).toEqual(consolidate(all, options)),
      ),
    );
  });

  it('puts each memory into one proposal at most, and never two that contradict each other', () => {
    fc.assert(
      fc.property(memories, (all) => {
        const byId = new Map(all.map((memory) => [memory.id, memory]));
        const proposals = consolidate(all, options);
        const ids = proposals.flatMap(({ canonicalId, sourceIds }) => [canonicalId, ...sourceIds]);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { canonicalId, sourceIds, similarity } of proposals) {
          expect(similarity).toBeGreaterThanOrEqual(options.similarityThreshold);
          const statements = [canonicalId, ...sourceIds].map((id) => plainStatement(byId.get(id)!));
          for (const one of statements)
            for (const other of statements)
              expect(relate(one, other, { sameSession: false }).relation).not.toBe('contradicts');
        }
      }),
    );
  });
});
