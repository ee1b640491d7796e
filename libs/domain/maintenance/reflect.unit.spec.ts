import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MaintainedMemory } from './maintained-memory.js';
import { claimed, maintained, onDays } from './maintenance.fixture.js';
import { reflect, type ReflectOptions } from './reflect.js';

const options: ReflectOptions = {
  ...{ windowFrom: '2026-03-01T00:00:00.000Z', windowTo: '2026-03-31T23:59:59.000Z' },
  ...{ minPatternStrength: 0.7, depth: 'deep' },
};
const ran = (): Partial<MaintainedMemory> => ({
  content: 'I ran this morning',
  claims: [claimed('do:run', '', { aspect: 'past' })],
});
const weighed = (kilos: number): Partial<MaintainedMemory> => ({
  content: `I weigh ${kilos} kg`,
  claims: [claimed('measure:kg', `${kilos}kg`, { quantity: { amount: kilos, unit: 'kg' } })],
});
const likes = (thing: string): Partial<MaintainedMemory> => ({
  content: `I like ${thing}`,
  claims: [claimed('preference', thing)],
});
const texts = (memories: readonly MaintainedMemory[], more: Partial<ReflectOptions> = {}): string[] =>
  reflect(memories, { ...options, ...more }).map(({ content }) => content);

describe('reflect', () => {
  it('finds a habit with the time of day that its tellings share, and names its sources', () => {
    expect(reflect(onDays([2, 5, 10], ran), options)).toEqual([
      {
        ...{ key: 'pattern:habit:self:run', kind: 'habit', memoryType: 'pattern', head: 'run' },
        ...{ content: 'The user often runs in the morning.', strength: 0.8, confidence: 0.64 },
        ...{ sourceIds: ['memory-10-2', 'memory-2-0', 'memory-5-1'], validFrom: '2026-03-02T00:00:00.000Z' },
      },
    ]);
  });

  it('tells a habit in the words that were said, of the user in the third person', () => {
    const called = () => ({
      content: 'I called my mother today',
      claims: [claimed('do:call', 'mother', { aspect: 'past' })],
    });
    const pilates = () => ({
      content: 'I did pilates',
      claims: [claimed('do:do', 'pilate', { value: 'pilates', aspect: 'past' })],
    });
    expect(texts(onDays([2, 5, 10], called))).toEqual(['The user often calls their mother.']);
    expect(texts(onDays([2, 5, 10], pilates))).toEqual(['The user often does pilates.']);
  });

  it.each(['I should call Ada', 'If it rains I call Ada', 'I used to call Ada', 'I nearly called Ada'])(
    'takes "%s" for nothing that was done',
    (content) => {
      const claims = [claimed('do:call', 'ada', { aspect: 'past' })];
      expect(texts(onDays([2, 5, 10], () => ({ content, claims })))).toEqual([]);
      expect(texts(onDays([2, 5, 10], () => ({ content: 'I called Ada', claims })))).toHaveLength(1);
    },
  );

  it('takes what is told only by another amount each day for a measure', () => {
    const slept = (hours: number) => ({
      content: `I slept ${hours} hours`,
      claims: [claimed('quantity:sleep s', `${hours}h`, { aspect: 'past', quantity: { amount: hours, unit: 's' } })],
    });
    expect(texts(onDays([2, 5, 10], (day) => slept(day)))).toEqual([]);
    expect(texts(onDays([2, 5, 10], () => slept(7)))).toEqual(['The user often sleeps.']);
  });

  it('weakens an issue by what denies it', () => {
    const told = (content: string) => () => ({ content, modality: 'asserted' as const });
    const leaks = onDays([2, 5, 10], told('The valve leaks'));
    const denials = onDays([3, 4], told('The valve does not leak'));
    expect(reflect(leaks, options).map(({ strength }) => strength)).toEqual([0.8]);
    expect(reflect([...leaks, ...denials], { ...options, minPatternStrength: 0 })).toMatchObject([
      { kind: 'issue', strength: 0.5714 },
    ]);
  });

  it('needs three days, not three tellings', () => {
    expect(texts(onDays([2, 2, 2, 5], ran))).toEqual([]);
  });

  it('counts the days of the zone that it is asked for', () => {
    const late = ['2026-03-02T23:30:00.000Z', '2026-03-03T12:00:00.000Z', '2026-03-04T12:00:00.000Z'];
    const memories = late.map((observedAt, at) => maintained(`memory-${at}`, { ...ran(), observedAt }));
    expect(texts(memories)).toHaveLength(1);
    expect(texts(memories, { timeZone: 'Europe/Berlin' })).toEqual([]);
  });

  it('counts neither what was derived nor what lies outside the window', () => {
    expect(texts(onDays([2, 5, 10], (day) => ({ ...ran(), derived: day === 10 })))).toEqual([]);
    expect(texts(onDays([2, 5, 10], ran), { windowTo: '2026-03-09T00:00:00.000Z' })).toEqual([]);
  });

  it('takes wishes and plans for no habit', () => {
    const wished = { content: 'I want to run', claims: [claimed('do:run', '', { modality: 'wish' })] };
    expect(texts(onDays([2, 5, 10], () => wished))).toEqual([]);
  });

  it('is less sure of what was also told otherwise', () => {
    const ate = (polarity: 'positive' | 'negative') => claimed('do:eat', 'meat', { polarity, aspect: 'past' });
    const memories = onDays([1, 2, 3, 4], (day) => ({ claims: [ate(day === 4 ? 'negative' : 'positive')] }));
    const [habit] = reflect(memories, { ...options, minPatternStrength: 0 });
    expect(habit).toMatchObject({ content: 'The user often eats meat.', strength: 0.6667 });
    expect(texts(memories)).toEqual([]);
  });

  it('finds a trend, by what its values say in order, only in a deep reading', () => {
    const memories = onDays([1, 8, 15, 22], (day) => weighed(84 - (day - 1) / 7));
    expect(texts(memories)).toEqual([
      'Falling by about 1 kg a week: from "I weigh 84 kg" (2026-03-01) to "I weigh 81 kg" (2026-03-22), 4 values.',
    ]);
    expect(texts(memories, { depth: 'shallow' })).toEqual([]);
  });

  it('takes three falling values, or values that go up and down, for no trend', () => {
    expect(texts(onDays([1, 8, 15], (day) => weighed(90 - day)))).toEqual([]);
    expect(texts(onDays([1, 5, 9, 13, 17, 21], (day) => weighed(80 + (day % 8))))).toEqual([]);
  });

  it('finds several liked things of one class', () => {
    const things = ['sushi', 'ramen', 'tempura'];
    const memories = things.flatMap((thing, at) => onDays([at + 1], () => likes(thing)));
    expect(texts(memories)).toEqual([
      'The user likes several things of one kind (japanese food): ramen, sushi, tempura.',
    ]);
    expect(texts(onDays([1, 2, 3], () => likes('sushi')))).toEqual([]);
  });

  it('finds an issue that comes again, and tells it from one with another number', () => {
    const failed = (text: string) => (): Partial<MaintainedMemory> => ({ content: text, memoryType: 'issue' });
    expect(texts(onDays([1, 4, 9], failed('The export fails with a timeout')))).toEqual([
      'The same issue was reported on 3 days: "The export fails with a timeout".',
    ]);
    expect(texts(onDays([1, 4, 9], (day) => ({ content: `Printer ${day} is jammed`, memoryType: 'issue' })))).toEqual(
      [],
    );
  });

  it('finds the same in whatever order the memories come, and never says more than .85', () => {
    const memories = [
      ...onDays([1, 2, 3, 4, 5, 6, 7, 8, 9], () => ({ ...ran(), confidence: 1 })),
      ...onDays([11, 12, 13], () => ({ content: 'The export fails', memoryType: 'issue' })),
    ];
    const found = reflect(memories, options);
    expect(found).toHaveLength(2);
    fc.assert(
      fc.property(fc.shuffledSubarray(memories, { minLength: memories.length }), (shuffled) =>
        expect(reflect(shuffled, options)).toEqual(found),
      ),
    );
    for (const { confidence } of found) expect(confidence).toBeLessThanOrEqual(0.85);
  });
});
