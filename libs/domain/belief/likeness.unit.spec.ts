import { describe, expect, it } from '@jest/globals';
import type { Claim, Cues, Statement } from './claim.js';
import { relateByLikeness } from './likeness.js';

const about = (subject: string): Claim => ({
  ...{ subject, slot: 'do:x', value: 'x', normal: 'x', polarity: 'positive', modality: 'asserted', aspect: 'current' },
  ...{ qualifiers: [], quantity: null, validFrom: null, validTo: null },
});

const told = (text: string, subject: string, cues: Partial<Cues> = {}): Statement => {
  const words = text
    .toLowerCase()
    .replace(/'s|[.,]/g, '')
    .split(' ');
  return {
    ...{ text, observedAt: '2026-05-01T10:00:00.000Z', modality: 'asserted', claims: [about(subject)] },
    ...{ cues: { correction: false, change: false, addition: false, ...cues } },
    words: words.filter((word) => !/\d|^(?:the|a|is|was|to|of|in|on|by|not|and|my|has|it)$/.test(word)),
    identifiers: words.filter((word) => /\d/.test(word)),
    isNegated: words.includes('not'),
  };
};

describe('statements without a shared slot', () => {
  it.each([
    [
      'the same names and words',
      told('Arup employs Nils.', 'arup'),
      told('Nils is employed by Arup.', 'nils'),
      'duplicate',
    ],
    [
      'a word of change',
      told('Ida loves trams.', 'ida'),
      told('Ida fancies buses.', 'ida', { change: true }),
      'contradicts',
    ],
    ['a turn', told('The gate needs paint.', 'gate'), told('They repair the gate.', 'they'), 'contradicts'],
    ['other persons', told('Ida loves trams.', 'ida'), told('Eva loves trams.', 'eva'), 'unrelated'],
    ["somebody's relative", told('Ida swims.', 'ida'), told("Ida's aunt swims.", "ida's aunt"), 'unrelated'],
    [
      'a denial',
      told('The lamp burns all night.', 'lamp'),
      told('The lamp burns not all night.', 'lamp'),
      'contradicts',
    ],
    ['more of it', told('The lamp burns.', 'lamp'), told('The lamp burns oil of Bergen.', 'lamp'), 'refines'],
    ['nothing', told('Ida swims.', 'ida'), told('The gate creaks.', 'gate'), 'unrelated'],
  ])('%s', (_, older, newer, expected) => {
    expect(relateByLikeness(older, newer).relation).toBe(expected);
  });

  it('never give grounds to retire anything', () => {
    const { grounds, probability } = relateByLikeness(
      told('Ida loves trams.', 'ida'),
      told('Ida fancies buses.', 'ida', { correction: true, change: true }),
    );
    expect(grounds).toEqual([]);
    expect(probability).toBeLessThan(0.8);
  });
});
