import { describe, expect, it } from '@jest/globals';
import { schemaVersions } from './events.js';
import { EventUnknown, type KnownShapes, upcast } from './upcasters.js';

describe('an event of this release', () => {
  it.each(Object.entries(schemaVersions))('%s in version %i is taken as it is', (type, version) => {
    const data = { anything: [1, null] };
    expect(upcast(type, version, data)).toEqual({ type, data });
  });

  it.each(Object.entries(schemaVersions))('%s can be lifted from every version from 1 to %i', (type, newest) => {
    for (let version = 1; version < newest; version += 1)
      expect(() => upcast(type, version, {})).not.toThrow(EventUnknown);
  });
});

describe('an event that this release does not know', () => {
  it.each<[string, unknown]>([
    ['MemoryDreamt', 1],
    ['toString', 1],
    ['__proto__', 1],
    ['MemoryLearned', 99],
    ['MemoryLearned', 0],
    ['MemoryLearned', 0.5],
    ['MemoryLearned', undefined],
    ['MemoryLearned', '1'],
  ])('is refused: %s in version %p', (type, version) => {
    expect(() => upcast(type, version as number, {})).toThrow(EventUnknown);
    expect(() => upcast(type, version as number, {})).toThrow('a newer one may have written it');
  });
});

describe('an event of an older release', () => {
  const known: KnownShapes = {
    newest: { Renamed: 3, Torn: 3 },
    lifts: {
      Renamed: {
        1: (data) => ({ ...(data as object), color: 'none' }),
        2: (data) => ({ colour: (data as { color: string }).color }),
      },
      Torn: { 1: (data) => data },
    },
  };

  it('is lifted step by step from where it stands', () => {
    expect(upcast('Renamed', 1, { old: true }, known)).toEqual({ type: 'Renamed', data: { colour: 'none' } });
    expect(upcast('Renamed', 2, { color: 'red' }, known)).toEqual({ type: 'Renamed', data: { colour: 'red' } });
    expect(upcast('Renamed', 3, { colour: 'blue' }, known)).toEqual({ type: 'Renamed', data: { colour: 'blue' } });
  });

  it('is refused where a step is missing, and says which', () => {
    expect(() => upcast('Torn', 1, {}, known)).toThrow('Torn in schema version 2');
  });
});
