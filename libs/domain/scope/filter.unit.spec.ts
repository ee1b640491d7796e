import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyFilter, anyFilterable, filterFields } from './filter.fixture.js';
import { type Filter, type Filterable, fieldValue, type FilterField, matches, trueAt } from './filter.js';

const item: Filterable = {
  kind: 'memory',
  scope: 'personal',
  projectId: 'p',
  teamId: null,
  agentId: 'a',
  ownerTeamId: null,
  ownerAgentId: 'a',
  userId: null,
  sessionId: null,
  memoryType: 'fact',
  status: 'active',
  confidence: 0.5,
  saidAt: '2026-03-02T10:00:00.000Z',
  validFrom: '2026-03-02T10:00:00.000Z',
  validTo: null,
  metadata: { tier: 'gold', tags: ['x', 7, null], customer: { tier: 3 }, nothing: null, flag: false },
};

describe('a filter on one field', () => {
  it.each<[string, Filter, boolean]>([
    ['equals its value', { field: 'agentId', equals: 'a' }, true],
    ['is not another value', { field: 'agentId', equals: 'b' }, false],
    ['null means absent', { field: 'teamId', equals: null }, true],
    ['null means not present', { field: 'agentId', equals: null }, false],
    ['a value is not absent', { field: 'teamId', equals: 'a' }, false],
    ['one of several', { field: 'memoryType', anyOf: ['plan', 'fact'] }, true],
    ['one of several, or absent', { field: 'userId', anyOf: ['u', null] }, true],
    ['one of none', { field: 'memoryType', anyOf: [] }, false],
    ['a bound is inclusive below', { field: 'confidence', atLeast: 0.5 }, true],
    ['a bound is inclusive above', { field: 'confidence', atMost: 0.5 }, true],
    ['outside', { field: 'confidence', atLeast: 0.51 }, false],
    ['between', { field: 'saidAt', atLeast: '2026-03-01T00:00:00.000Z', atMost: '2026-03-03T00:00:00.000Z' }, true],
    ['a bound of another type', { field: 'confidence', atLeast: '0' }, false],
    ['a bound of nothing', { field: 'teamId', atMost: 'z' }, false],
    ['in metadata', { field: 'metadata.tier', equals: 'gold' }, true],
    ['in an object in metadata', { field: 'metadata.customer.tier', atLeast: 3 }, true],
    ['in a list in metadata', { field: 'metadata.tags', equals: 'x' }, true],
    ['a number in a list', { field: 'metadata.tags', anyOf: [7] }, true],
    ['not in a list', { field: 'metadata.tags', equals: '7' }, false],
    ['a list with nothing in it is there', { field: 'metadata.tags', equals: null }, false],
    ['a list has no size', { field: 'metadata.tags', atLeast: 0 }, false],
    ['a list is no object', { field: 'metadata.tags.length', equals: 3 }, false],
    ['null in metadata is absent', { field: 'metadata.nothing', equals: null }, true],
    ['a path that leads nowhere is absent', { field: 'metadata.customer.tier.x', equals: null }, true],
    ['false is there', { field: 'metadata.flag', equals: null }, false],
    ['false', { field: 'metadata.flag', equals: false }, true],
    ['what every object inherits is absent', { field: 'metadata.constructor', equals: null }, true],
  ])('%s', (_name, filter, expected) => {
    expect(matches(item, filter)).toBe(expected);
    expect(matches(item, { not: filter })).toBe(!expected);
  });
});

describe('filters combined', () => {
  const filters = fc.array(anyFilter, { maxLength: 4 });
  const holds = (filter: Filter) => (one: Filterable) => matches(one, filter);

  it('follow De Morgan, on any item', () => {
    fc.assert(
      fc.property(anyFilterable, filters, (one, parts) => {
        const negated = parts.map((not) => ({ not }));
        expect(holds({ not: { and: parts } })(one)).toBe(holds({ or: negated })(one));
        expect(holds({ not: { or: parts } })(one)).toBe(holds({ and: negated })(one));
      }),
    );
  });

  it('are themselves when negated twice, and everything together with their negation', () => {
    fc.assert(
      fc.property(anyFilterable, anyFilter, (one, filter) => {
        expect(holds({ not: { not: filter } })(one)).toBe(holds(filter)(one));
        expect(holds({ or: [filter, { not: filter }] })(one)).toBe(true);
        expect(holds({ and: [filter, { not: filter }] })(one)).toBe(false);
      }),
    );
  });

  it('of nothing are everything (and) and nothing (or)', () => {
    expect(matches(item, { and: [] })).toBe(true);
    expect(matches(item, { or: [] })).toBe(false);
  });

  it('let any value of a list stand for an or of its values', () => {
    const values = fc.array(fc.constantFrom('a', 'b', 'fact', 0.5, null), { maxLength: 4 });
    fc.assert(
      fc.property(anyFilterable, fc.constantFrom(...filterFields), values, (one, field, anyOf) => {
        expect(holds({ field, anyOf })(one)).toBe(holds({ or: anyOf.map((equals) => ({ field, equals })) })(one));
      }),
    );
  });
});

describe('what was true at a time', () => {
  const [before, begun, during, ended, after] = [1, 2, 3, 4, 5].map((day) => `2026-03-0${day}T10:00:00.000Z`);
  const trueTimes = (one: Partial<Filterable>): unknown[] =>
    [before, begun, during, ended, after].filter((time) => matches({ ...item, ...one }, trueAt(time!)));

  it('began by then, and had not ended', () => {
    expect(trueTimes({ validFrom: begun, validTo: null })).toEqual([begun, during, ended, after]);
    expect(trueTimes({ validFrom: begun, validTo: ended })).toEqual([begun, during]);
  });

  it('is what was superseded since, unless it was wrong all the time', () => {
    expect(trueTimes({ validFrom: begun, validTo: ended, status: 'superseded' })).toEqual([begun, during]);
    expect(trueTimes({ validFrom: begun, validTo: null, status: 'superseded' })).toEqual([]);
    expect(trueTimes({ validFrom: begun, validTo: null, status: 'disputed' })).toEqual([begun, during, ended, after]);
  });
});

it('a field is looked up by its path, and only among the own keys of objects', () => {
  const looks: [FilterField, unknown][] = [
    ['scope', 'personal'],
    ['metadata.customer', { tier: 3 }],
    ['metadata.customer.tier', 3],
    ['metadata.tier.length', undefined],
    ['metadata.toString', undefined],
    ['metadata.tags.0', undefined],
  ];
  for (const [field, expected] of looks) expect(fieldValue(item, field)).toEqual(expected);
});
