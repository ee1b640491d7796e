import { describe, expect, it } from '@jest/globals';
import { claimed, maintained } from './maintenance.fixture.js';
import { profileCard } from './profile-card.js';
import { sessionSummaries } from './session-summaries.js';

describe('profileCard', () => {
  const lives = (id: string, city: string, confidence: number) =>
    maintained(id, { confidence, claims: [claimed('residence', city.toLowerCase(), { value: city })] });

  it('has one line for each slot of one value, by the registry, the surer value of two', () => {
    const memories = [
      lives('a', 'Leeds', 0.6),
      lives('b', 'Berlin', 0.9),
      maintained('c', { claims: [claimed('name', 'ada', { value: 'Ada' })] }),
      maintained('d', { claims: [claimed('preference', 'tea')] }),
    ];
    expect(profileCard(memories)).toMatchObject({
      ...{ key: 'profile:self', content: 'Name: Ada\nResidence: Berlin', sourceIds: ['b', 'c'], confidence: 0.85 },
    });
  });

  it('tells nothing of others, of wishes, of what is over, disputed or derived', () => {
    const said = (more: Parameters<typeof claimed>[2]) =>
      maintained('a', { claims: [claimed('residence', 'berlin', more)] });
    expect(profileCard([said({ subject: 'anna' })])).toBeNull();
    expect(profileCard([said({ modality: 'wish' })])).toBeNull();
    expect(profileCard([said({ aspect: 'past' })])).toBeNull();
    expect(profileCard([{ ...said({}), status: 'disputed' }])).toBeNull();
    expect(profileCard([{ ...said({}), derived: true }])).toBeNull();
  });
});

describe('sessionSummaries', () => {
  const texts = [
    'Hello! How are you?',
    'The garden wall collapsed during the storm last night.',
    'We should rebuild the garden wall with natural stone.',
    'My sister sent a postcard from her trip yesterday.',
    'Natural stone for the garden wall costs two thousand euros.',
    'The mason can start on the garden wall in April.',
    'Lunch was a sandwich with some cheese again.',
    'The insurance pays half of the garden wall.',
    'A neighbour borrowed the ladder some days ago.',
    'Please order the natural stone before the mason starts.',
  ];
  const episodes = texts.map((text, at) => ({ id: `episode-${at}`, text, saidAt: '2026-03-01T10:00:00.000Z' }));

  it('quotes the sentences that tell most of it, in their order', () => {
    const [summary] = sessionSummaries([{ id: 'conversation-1', episodes }]);
    const lines = summary!.content.split('\n');
    expect(lines).toHaveLength(3);
    // What was told most often comes first; then whatever else was told.
    expect(lines.filter((line) => /wall/.test(line))).toHaveLength(2);
    expect(texts.filter((text) => lines.includes(text))).toEqual(lines);
    expect(summary).toMatchObject({ key: 'summary:conversation-1', memoryType: 'summary' });
    expect(summary!.sourceIds).toHaveLength(3);
  });

  it('leaves a short conversation alone', () => {
    expect(sessionSummaries([{ id: 'conversation-1', episodes: episodes.slice(0, 4) }])).toEqual([]);
  });
});
