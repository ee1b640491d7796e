import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ownership } from '../scope/ownership.js';
import { contentIdentity, decideForgetting, decideRevision, memoryFilterable, normalForm } from './memory.decide.js';
import type { MemoryEvent } from './memory.events.js';
import { evidence, given, learned, personal, stateAfter } from './memory.fixture.js';

const forgotten: MemoryEvent = { type: 'MemoryForgotten', data: { memoryId: 'm' } };
const erased: MemoryEvent = { type: 'MemoryErased', data: { memoryId: 'm' } };
const reinforced: MemoryEvent = { type: 'MemoryReinforced', data: { memoryId: 'm', evidence: evidence('more') } };
const revised = (data: object): MemoryEvent => ({ type: 'MemoryRevised', data: { memoryId: 'm', ...data } });
const revise = (request: Parameters<typeof decideRevision>[1]) => (state: Parameters<typeof decideRevision>[0]) =>
  decideRevision(state, request);
const forget = (hard: boolean) => (state: Parameters<typeof decideForgetting>[0]) => decideForgetting(state, hard);

describe('a revision', () => {
  it.each([
    ['content', { content: 'Tea is at five' }],
    ['type', { memoryType: 'plan' }],
    ['confidence', { confidence: 0 }],
    ['metadata', { metadata: {} }],
    ['everything', { content: 'x', memoryType: 'y', confidence: 1, metadata: { a: [1] } }],
  ])('changes the %s and nothing else', (_name, change) => {
    given(learned('m'))
      .when(revise({ expectedVersion: null, ...change }))
      .then(revised(change));
  });

  it('leaves out what stays as it is', () => {
    given(learned('m'))
      .when(revise({ expectedVersion: 1, content: 'Tea is at four', confidence: 0.5, memoryType: 'fact' }))
      .then(revised({ confidence: 0.5 }));
  });

  it('is no event when nothing changes, whatever the order of the keys of the metadata', () => {
    given(learned('m', { metadata: { room: 'blue', seats: { free: 1, taken: [2, 3] } } }))
      .when(revise({ expectedVersion: null, metadata: { seats: { taken: [2, 3], free: 1 }, room: 'blue' } }))
      .then();
    given(learned('m'))
      .when(revise({ expectedVersion: null }))
      .then();
  });

  it('sees that lists in another order, and objects with other keys, are something else', () => {
    given(learned('m', { metadata: { taken: [2, 3] } }))
      .when(revise({ expectedVersion: null, metadata: { taken: [3, 2] } }))
      .then(revised({ metadata: { taken: [3, 2] } }));
    given(learned('m', { metadata: { a: 1 } }))
      .when(revise({ expectedVersion: null, metadata: { b: 1 } }))
      .then(revised({ metadata: { b: 1 } }));
  });

  it('is made on the version that the caller saw', () => {
    given(learned('m'), reinforced)
      .when(revise({ expectedVersion: 2, confidence: 1 }))
      .then(revised({ confidence: 1 }));
  });

  it('is refused on another version, with both versions', () => {
    given(learned('m'), reinforced)
      .when(revise({ expectedVersion: 1, confidence: 1 }))
      .thenRefused({ kind: 'version_conflict', expected: 1, actual: 2 });
  });

  it.each<[string, Parameters<typeof given>]>([
    ['absent', []],
    ['forgotten', [learned('m'), forgotten]],
    ['erased', [learned('m'), erased]],
    ['unreadable', [{ type: 'MemoryLearned', data: null }]],
  ])('of an %s memory finds nothing, even with a wrong version', (_name, events) => {
    given(...events)
      .when(revise({ expectedVersion: 99, confidence: 1 }))
      .thenRefused({ kind: 'not_found' });
  });
});

describe('forgetting', () => {
  it('softly ends an active memory', () => {
    given(learned('m'), reinforced).when(forget(false)).then(forgotten);
  });

  it('erases an active memory, and one that was softly forgotten', () => {
    given(learned('m')).when(forget(true)).then(erased);
    given(learned('m'), forgotten).when(forget(true)).then(erased);
  });

  it('finds nothing where nothing is left to end', () => {
    given().when(forget(false)).thenRefused({ kind: 'not_found' });
    given().when(forget(true)).thenRefused({ kind: 'not_found' });
    given(learned('m'), forgotten).when(forget(false)).thenRefused({ kind: 'not_found' });
    given(learned('m'), erased).when(forget(true)).thenRefused({ kind: 'not_found' });
    given({ type: 'MemoryLearned', data: null }).when(forget(true)).thenRefused({ kind: 'not_found' });
  });
});

describe('the normal form', () => {
  it.each([
    ['Tea is at FOUR!', 'tea is at four'],
    ['  tea\tis\n at   four ...  ', 'tea is at four'],
    ['ｔｅａ is at four…', 'tea is at four'],
    ['ﬁne', 'fine'],
    ['Are you?!', 'are you'],
    ['3.5 is more than 3,4', '3.5 is more than 3,4'],
    ['!!!', '!!!'],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(normalForm(text)).toBe(expected);
  });

  it('says the same of texts that only their encoding tells apart', () => {
    // J with caron has no capital letter of its own, so only its small letter is composed.
    expect(normalForm('J\u030Cump')).toBe(normalForm('\u01F0ump'));
    expect(normalForm('Cafe\u0301')).toBe(normalForm('CAFÉ'));
  });

  it('is its own normal form, for any text', () => {
    const letters = fc.constantFrom(
      'J',
      '\u030C',
      'İ',
      'Σ',
      'ß',
      'ﬃ',
      '\u0345',
      'K',
      '¨',
      '.',
      '…',
      ' ',
      '\u00A0',
      '?',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(letters).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const normal = normalForm(text);
        if (normalForm(normal) !== normal) throw new Error(`${normal} becomes ${normalForm(normal)}`);
      }),
      { numRuns: 500 },
    );
  });

  it('takes 200,000 characters in no time, whatever they are', () => {
    for (const part of ['a', ' ', '.', '. ', 'a\u0301', '\uFDFA', ' \n.', '\u0301', '\u0301\u0323']) {
      const startedMs = performance.now();
      normalForm(part.repeat(Math.ceil(200_000 / part.length)));
      // Sorting a run of marks, or any other quadratic step, would take ten seconds and more at this length.
      expect(performance.now() - startedMs).toBeLessThan(3_000);
    }
  });
});

describe('the identity of a content', () => {
  const of = (more: Partial<Ownership>, memoryType = 'fact', content = 'Tea is at four') =>
    JSON.stringify(contentIdentity({ ...personal, ...more }, memoryType, content));

  it('is the same for the same sentence of the same owner, however it is written', () => {
    expect(of({}, 'fact', 'TEA is at four.')).toBe(of({}));
  });

  it('is not touched by labels', () => {
    expect(of({ teamId: 't', agentId: 'a' })).toBe(of({}));
  });

  it('differs between any two of: scopes, projects, owners, users, types, contents', () => {
    const identities = [
      of({}),
      of({ projectId: 'project-2' }),
      of({ ownerAgentId: 'a' }),
      of({ ownerAgentId: 'b' }),
      of({ userId: 'u' }),
      of({ userId: 'self' }),
      of({ scope: 'project' }),
      of({ scope: 'team', ownerTeamId: 't' }),
      of({ scope: 'team', ownerTeamId: 'u' }),
      of({ scope: 'session', sessionId: 's' }),
      of({ scope: 'session', sessionId: 't' }),
      of({}, 'plan'),
      of({}, 'fact', 'Tea is at five'),
    ];
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('is shared by the team, the project and the session whoever of them writes', () => {
    for (const scope of [
      { scope: 'team', ownerTeamId: 't' },
      { scope: 'project' },
      { scope: 'session', sessionId: 's' },
    ] as const) {
      expect(of({ ...scope, ownerAgentId: 'a' })).toBe(of({ ...scope, ownerAgentId: 'b' }));
    }
  });
});

it('a memory is filtered by when it was observed, its owner and its labels', () => {
  const state = stateAfter([learned('m', { ownership: { ...personal, teamId: 'label', ownerTeamId: 'owner' } })]);
  if (state.kind !== 'known') throw new Error(state.kind);
  expect(memoryFilterable(state.memory)).toEqual({
    ...personal,
    teamId: 'label',
    ownerTeamId: 'owner',
    kind: 'memory',
    memoryType: 'fact',
    status: 'active',
    confidence: 0.8,
    metadata: { room: 'blue', guests: 2 },
    saidAt: '2026-03-01T10:00:00.000Z',
    // It says neither since when nor until when it is true.
    validFrom: '2026-03-01T10:00:00.000Z',
    validTo: null,
  });
  const validFrom = { instant: '2020-01-01T00:00:00.000Z', precision: 'year' };
  const validTo = { instant: '2021-01-01T00:00:00.000Z', precision: 'year' };
  expect(memoryFilterable({ ...state.memory, validFrom, validTo })).toMatchObject({
    validFrom: validFrom.instant,
    validTo: validTo.instant,
  });
});
