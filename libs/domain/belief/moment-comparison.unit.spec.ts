import { describe, expect, it } from '@jest/globals';
import { compareMoments } from './moment-comparison.js';

describe('comparing moments', () => {
  it.each([
    ['m=5', 'm=5 d=21 t=12:00', 'narrower'],
    ['m=5 d=21', 'm=5', 'wider'],
    ['m=5 d=21', 'm=5 d=22', 'different'],
    ['t=2:00', 't=14:00', 'equal'],
    ['t=02:00', 't=14:00', 'different'],
    ['w=weekend', 'w=sat', 'narrower'],
    ['w=mon w=thu', 'w=thu w=mon', 'equal'],
    ['w=mon w=thu', 'w=mon w=fri', 'different'],
    ['w=mon', 'w=mon w=thu', 'narrower'],
    ['s=summer', 'm=7', 'narrower'],
    ['s=summer', 'm=11', 'different'],
    ['q=2', 'm=5', 'narrower'],
    ['q=2', 'm=9', 'different'],
    ['p=morning', 't=09:15', 'narrower'],
    ['p=morning', 't=16:00', 'different'],
    ['p=night', 'f=1/night t=02:30', 'narrower'],
    ['y=2026 k=6-1', 'y=2026 m=6 d=4', 'narrower'],
    ['y=2026 k=6-1', 'y=2026 m=6 d=12', 'different'],
    ['w=wed', 'y=2026 m=6 d=10', 'narrower'],
    ['w=tue', 'y=2026 m=6 d=10', 'different'],
    ['f=1/2week', 'f=0.5/week', 'equal'],
    ['f=1/week', 'f=1/month', 'different'],
    ['f=1/day', 'f=1/morning', 'narrower'],
    ['f=2/week', 'w=tue w=thu', 'narrower'],
    ['f=2/week', 'w=tue', 'different'],
    ['r=this-week', 'r=this-thursday t=11:00', 'narrower'],
    ['r=this-week', 'r=next-week', 'different'],
    ['t=15:00', 'w=thu', 'narrower'],
  ])('%s, then %s: %s', (older, newer, expected) => {
    expect(compareMoments(older, newer)).toBe(expected);
  });
});
