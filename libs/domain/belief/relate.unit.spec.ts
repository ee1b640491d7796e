import { describe, expect, it } from '@jest/globals';
import type { Claim, Cues, Statement } from './claim.js';
import { RELATION_RULES } from './relation-rules.js';
import { relate, wouldSupersede } from './relate.js';
import type { Relation } from './relation.js';

const claim = (slot: string, normal: string, fields: Partial<Claim> = {}): Claim => ({
  ...{ subject: 'self', slot, value: normal, normal, polarity: 'positive', modality: 'asserted', aspect: 'current' },
  ...{ qualifiers: [], quantity: null, validFrom: null, validTo: null },
  ...fields,
});

const statement = (text: string, claims: Claim[], cues: Partial<Cues> = {}): Statement => ({
  ...{ text, observedAt: '2026-05-01T10:00:00.000Z', modality: claims[0]?.modality ?? 'asserted', claims },
  ...{ cues: { correction: false, change: false, addition: false, ...cues }, words: text.toLowerCase().split(' ') },
  ...{ identifiers: [], isNegated: claims.some(({ polarity }) => polarity === 'negative') },
});

const related = (older: Claim, newer: Claim, cues: Partial<Cues> = {}, sameSession = false): Relation =>
  relate(statement('newer words', [newer], cues), statement('older ones', [older]), { sameSession });

describe('the rules of relation', () => {
  it('have ids that are told once, and a meaning each', () => {
    const ids = RELATION_RULES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { id, meaning } of RELATION_RULES) {
      expect(id).toMatch(/^relation\.[a-z_]+$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('take what happens again for another time, and a first one for another thing', () => {
    const again = (text: string, ...claims: Claim[]): Relation =>
      relate(statement(text, claims), statement('It crashed on Monday', [claim('status', 'failing')]), {
        sameSession: false,
      });
    expect(again('It crashed again on Friday', claim('status', 'failing')).relation).toBe('extends');
    expect(again('It crashed on Friday', claim('status', 'failing')).relation).not.toBe('extends');
    expect(again('It works again', claim('status', 'working')).relation).toBe('contradicts');
    const first = related(claim('name', 'rex', { subject: 'first dog' }), claim('name', 'nala', { subject: 'dog' }));
    expect(first.relation).not.toBe('contradicts');
  });

  it('let the past be told wrongly, without anything that is so now to retire', () => {
    const past = (value: string): Claim => claim('visited', value, { aspect: 'past' });
    const corrected = related(past('rome'), past('milan'), { correction: true });
    expect(corrected).toMatchObject({ relation: 'contradicts', kind: 'correction' });
    expect(wouldSupersede(corrected)).toBe(false);
  });

  it.each([
    [
      'another value of a single slot',
      claim('residence', 'leeds'),
      claim('residence', 'oslo'),
      'contradicts',
      'relation.single_slot',
    ],
    ['the same value', claim('residence', 'leeds'), claim('residence', 'leeds'), 'duplicate', 'relation.same_form'],
    ['more of the same', claim('pet', 'cat'), claim('pet', 'black cat soot'), 'refines', 'relation.containment'],
    ['less of the same', claim('pet', 'black cat'), claim('pet', 'cat'), 'duplicate', 'relation.less_specific'],
    [
      'another value of a slot of many',
      claim('language', 'french'),
      claim('language', 'dutch'),
      'extends',
      'relation.many_slot',
    ],
    [
      'the denial',
      claim('allergy', 'bee'),
      claim('allergy', 'bee', { polarity: 'negative' }),
      'contradicts',
      'relation.polarity',
    ],
    [
      'the end of a value',
      claim('vehicle', 'golf'),
      claim('possession', 'golf', { polarity: 'negative', aspect: 'ended' }),
      'contradicts',
      'relation.closer',
    ],
    ['opposite states', claim('status', 'open'), claim('status', 'closed'), 'contradicts', 'relation.opposite'],
    ['states that go together', claim('status', 'noisy'), claim('status', 'heavy'), 'extends', 'relation.many_slot'],
    [
      'what once was',
      claim('residence', 'cardiff', { aspect: 'past' }),
      claim('residence', 'leeds'),
      'extends',
      'relation.disjoint_time',
    ],
    [
      'what holds again',
      claim('do:smoke', '', { polarity: 'negative', aspect: 'ended' }),
      claim('do:smoke', ''),
      'contradicts',
      'relation.resumed',
    ],
    [
      'other conditions',
      claim('schedule:wake up', 't=6:00', { qualifiers: ['w=weekday'] }),
      claim('schedule:wake up', 't=9:00', { qualifiers: ['w=weekend'] }),
      'extends',
      'relation.disjoint_condition',
    ],
    [
      'another subject',
      claim('residence', 'leeds'),
      claim('residence', 'oslo', { subject: 'kate' }),
      'unrelated',
      'relation.other_subject',
    ],
    [
      'a supposition',
      claim('residence', 'leeds'),
      claim('residence', 'oslo', { modality: 'hypothetical' }),
      'unrelated',
      'relation.not_comparable',
    ],
    [
      'changed places',
      claim('manager', 'ben', { subject: 'anna' }),
      claim('manager', 'anna', { subject: 'ben' }),
      'contradicts',
      'relation.role_swap',
    ],
    [
      'the active of a passive',
      claim('teach by', 'ines', { subject: 'class' }),
      claim('do:teach', 'class', { subject: 'ines' }),
      'duplicate',
      'relation.same_form',
    ],
    [
      'a figure for a word',
      claim('status', 'hot', { subject: 'room' }),
      claim('measure:degree', '41degree', { subject: 'room', quantity: { amount: 41, unit: 'degree' } }),
      'refines',
      'relation.containment',
    ],
    [
      'a place within a place',
      claim('residence', 'canada'),
      claim('residence', 'ottawa'),
      'refines',
      'relation.containment',
    ],
    [
      'a day within a month',
      claim('time', 'm=5'),
      claim('time', 'd=21 m=5 t=12:00'),
      'refines',
      'relation.containment',
    ],
  ])('%s', (_, older, newer, relation, ruleId) => {
    expect(related(older, newer)).toMatchObject({ relation, ruleId });
  });

  it('find in other words that what was so has ended, without retiring it', () => {
    const older = statement('zoe hold drill', [claim('possession', 'drill', { subject: 'zoe' })]);
    const newer = statement('zoe give back drill', [
      claim('do:give', 'back drill', { subject: 'zoe', aspect: 'past' }),
    ]);
    const relation = relate(newer, older, { sameSession: false });
    expect(relation).toMatchObject({ relation: 'contradicts', ruleId: 'relation.ended', grounds: [] });
    expect(wouldSupersede(relation)).toBe(false);
  });

  it('know a text that nobody could read only by its letters', () => {
    const unread = (text: string): Statement => ({ ...statement(text, []), words: [] });
    const long = 'I wish it '.repeat(1_000);
    expect(relate(unread(long), unread(long), { sameSession: false }).relation).toBe('duplicate');
    const other = relate(unread(`${long}were so`), unread(long), { sameSession: false });
    expect([other.relation, other.ruleId]).toEqual(['unrelated', 'relation.nothing_shared']);
  });

  it('let a correction, a change and an addition decide', () => {
    const [older, newer] = [claim('residence', 'leeds'), claim('residence', 'oslo')];
    expect(related(older, newer, { correction: true })).toMatchObject({ relation: 'contradicts', kind: 'correction' });
    expect(related(older, newer, { change: true })).toMatchObject({ relation: 'contradicts', kind: 'update' });
    expect(related(older, newer, { addition: true })).toMatchObject({ relation: 'extends' });
  });
});

describe('retiring by itself', () => {
  it('takes an update that is sure enough and has grounds', () => {
    expect(wouldSupersede(related(claim('residence', 'leeds'), claim('residence', 'oslo'), { change: true }))).toBe(
      true,
    );
  });

  it('never follows from a conflict: in one session without a marker, of immutable slots, of tastes', () => {
    const conflicts = [
      related(claim('residence', 'leeds'), claim('residence', 'oslo'), {}, true),
      related(claim('birthplace', 'ghent'), claim('birthplace', 'bruges')),
      related(claim('preference', 'horror film'), claim('preference', 'horror film', { polarity: 'negative' })),
    ];
    for (const conflict of conflicts) {
      expect(conflict).toMatchObject({ relation: 'contradicts', kind: 'conflict' });
      expect(wouldSupersede(conflict)).toBe(false);
    }
  });

  it('never follows from likeness alone', () => {
    const [older, newer] = [statement('the lamp glows bright', []), statement('the lamp glows not bright', [])];
    const relation = relate({ ...newer, words: older.words, isNegated: true }, older, { sameSession: false });
    expect(relation).toMatchObject({ relation: 'contradicts', ruleId: 'relation.likeness', grounds: [] });
    expect(wouldSupersede({ ...relation, kind: 'update', probability: 1 })).toBe(false);
  });

  it('needs probability', () => {
    const sure = related(claim('residence', 'leeds'), claim('residence', 'oslo'), { change: true });
    expect(wouldSupersede({ ...sure, probability: 0.79 })).toBe(false);
  });
});
