import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QuestionReading, ScoreExplanation } from '#libs/domain/ranking/explanation.js';
import { call, type GatewayUnderTest, startGateway } from '../gateway.fixture.js';
import { episodeRow, memoryId, memoryRow } from '../rows.fixture.js';

const notSuperseded = { not: { field: 'status', equals: 'superseded' } };

const explanation: ScoreExplanation = {
  scoredId: 'm-1',
  features: [{ name: 'speaker', value: 1.5, weight: 2, contribution: 3 }],
  adjustments: [{ name: 'related', share: 0.7, amount: -0.5 }],
};
const question: QuestionReading = {
  ...{ text: 'dark mode', terms: ['dark', 'mode'], speakers: ['Ada'], addressedRole: null, asks: ['when'] },
  ...{ isHistorical: true, days: { first: '2024-05-01', last: '2024-05-31' } },
};
const sources = [{ messageId: 'm-1', externalId: 'D1:3', start: 0, end: 8 }];

describe('search', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
    gateway.queries.question = question;
    gateway.queries.hits = [
      { memory: memoryRow(), episode: null, score: 2.5, explanation, sources },
      { memory: null, episode: episodeRow(), score: 1, sources: [] },
    ];
  });
  afterAll(() => gateway.application.close());

  it('answers the results twice, as results and as memories, each with its score and sources', async () => {
    const { status, json } = await call(gateway, 'GET', '/memories/search?query=dark%20mode&explain=true');
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, count: 2, mode: 'hybrid' });
    const { addressedRole, isHistorical, ...same } = question;
    expect(json.question).toEqual({ ...same, addressed_role: addressedRole, historical: isHistorical });
    expect(json.memories).toEqual(json.results);
    expect(json.results[0]).toMatchObject({
      id: memoryId,
      content: 'Prefers dark mode',
      score: 2.5,
      similarity: 1,
      rrf_score: 2.5,
      scores: { speaker: 1.5 },
      explanation: { scored_id: 'm-1', features: explanation.features, adjustments: explanation.adjustments },
      sources: [{ message_id: 'm-1', external_id: 'D1:3', start: 0, end: 8 }],
    });
    expect(json.results[1]).toMatchObject({
      source_type: 'episode',
      memory_type: 'episode',
      external_id: 'D1:3',
      name: 'Ada',
      said_at: '2024-04-30T09:00:00.000Z',
    });
    expect(gateway.queries.last.query).toEqual({
      text: 'dark mode',
      filter: { and: [{ and: [notSuperseded] }] },
      limit: 10,
      mode: 'hybrid',
      explain: true,
      includeEpisodes: null,
      keepSuperseded: false,
      asOf: null,
    });
  });

  const asked = {
    query: 'x',
    limit: 5,
    mode: 'text',
    user_id: 'u',
    metadata: { priority: 'high' },
    filters: { OR: [{ memory_type: 'fact' }, { confidence: { gte: 0.5 } }] },
    start_date: '2024-05-01',
    end_date: '2024-05-02',
    include_episodes: false,
    session_id: 's',
  };
  const filter = {
    and: [
      { and: [{ field: 'userId', equals: 'u' }, notSuperseded] },
      { field: 'saidAt', atLeast: '2024-05-01T00:00:00.000Z' },
      { field: 'saidAt', atMost: '2024-05-02T23:59:59.999Z' },
      { field: 'metadata.priority', equals: 'high' },
      {
        or: [
          { field: 'memoryType', equals: 'fact' },
          { field: 'confidence', atLeast: 0.5 },
        ],
      },
    ],
  };

  it('asks the same by POST as by GET with JSON in the URL', async () => {
    expect((await call(gateway, 'POST', '/memories/search', { body: asked })).status).toBe(200);
    const byPost = gateway.queries.last;
    expect(byPost.query).toMatchObject({ filter, limit: 5, mode: 'text', includeEpisodes: false });
    expect(byPost.caller!.sessionId).toBe('s');
    const texts = Object.entries(asked).map(([name, value]): [string, string] => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    await call(gateway, 'GET', `/memories/search?${new URLSearchParams(texts).toString()}`);
    expect(gateway.queries.last).toEqual(byPost);
  });

  it.each(['/memories/search', '/memories/search?query='])('%s asks for the newest', async (path) => {
    expect((await call(gateway, 'GET', path)).status).toBe(200);
    expect(gateway.queries.last.query).toMatchObject({ text: '' });
  });

  it('does not take session_id of a metadata filter for the session of the caller', async () => {
    await call(gateway, 'POST', '/memories/search', { body: { metadata: { session_id: 'other' } } });
    expect(gateway.queries.last.caller!.sessionId).toBeNull();
  });

  it('GET /context packs what was found, the handoff of the session first', async () => {
    gateway.queries.foundHandoffs = [
      {
        id: 'h',
        fromAgent: 'Support Agent',
        toAgent: 'Billing',
        sessionId: 's',
        reason: 'billing',
        context: {},
        recordedAt: '2024-05-02T10:00:00.000Z',
      },
    ];
    const { json } = await call(gateway, 'GET', '/context?query=x&session_id=s&max_tokens=500&user_id=self');
    expect(json.context.split('\n')[0]).toBe('- [handoff, 2024-05-02] Support Agent to Billing: billing');
    expect(json).toMatchObject({ success: true, token_count: Math.ceil(json.context.length / 4) });
    expect(json.sources.map(({ id }: { id: string }) => id)).toEqual([memoryId, episodeRow().id]);
    expect(gateway.queries.last.query).toMatchObject({
      filter: { and: [{ field: 'userId', equals: null }, notSuperseded] },
    });
    const small = await call(gateway, 'GET', '/context?query=x&max_tokens=30');
    expect(small.json.token_count).toBeLessThanOrEqual(30);
    expect(small.json.context).not.toContain('handoff');
  });
});
