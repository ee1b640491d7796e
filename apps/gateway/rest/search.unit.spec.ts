import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { MemoryRow } from '#libs/ports/memory-reader.js';
import type { QuestionReading, ScoreExplanation } from '#libs/domain/ranking/explanation.js';
import { call, type GatewayUnderTest, startGateway } from '../gateway.fixture.js';
import { contradictionRow, episodeRow, memoryId, memoryRow } from '../rows.fixture.js';

const notSuperseded = { not: { field: 'status', anyOf: ['superseded', 'archived'] } };

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
    expect(json.context.split('\n').slice(0, 2)).toEqual([
      'Handed over:',
      '- [2 May 2024] Support Agent to Billing: billing (handoff h)',
    ]);
    expect(json).toMatchObject({ success: true, encoding: 'o200k_base', omitted: 0, near_copies: 0, truncated: false });
    expect(json.token_count).toBe(countTokens(json.context));
    expect(json).not.toHaveProperty('as_of');
    expect(json.sources.map(({ id }: { id: string }) => id)).toEqual([memoryId, episodeRow().id]);
    expect(gateway.queries.last).toMatchObject({
      what: 'search',
      query: { filter: { and: [{ field: 'userId', equals: null }, notSuperseded] }, asOf: null, keepSuperseded: false },
    });
    const small = await call(gateway, 'GET', '/context?query=x&max_tokens=50');
    expect(small.json).toMatchObject({ omitted: 1, truncated: true });
    expect(small.json.token_count).toBeLessThanOrEqual(50);
    expect(small.json.context).not.toContain('Handed over');
  });

  it('GET /context is of an earlier moment when one is named, and then without handoffs', async () => {
    const { json } = await call(gateway, 'GET', '/context?query=x&session_id=s&as_of=42&valid_at=2024-06-01');
    expect(json).toMatchObject({ success: true, as_of: 42 });
    expect(json.context.split('\n')[0]).toBe('Believed of that time:');
    expect(json.context).not.toContain('Handed over');
    expect(gateway.queries.last.query).toMatchObject({ asOf: 42, keepSuperseded: true });
    for (const wrong of ['as_of=yesterday', 'valid_at=soon', 'max_tokens=15', 'max_tokens=100001', 'max_tokens=1.5']) {
      expect((await call(gateway, 'GET', `/context?${wrong}`)).status).toBe(400);
    }
  });

  it('GET /context asks who disputes whom among what it found, once, and only when there are two', async () => {
    const other = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0009';
    const disputed = (changes: Partial<MemoryRow>) => ({
      ...{ memory: memoryRow({ status: 'disputed', ...changes }), episode: null, score: 1, sources: [] },
    });
    const hits = gateway.queries.hits;
    gateway.queries.hits = [disputed({}), disputed({ id: other, content: 'Prefers light mode' })];
    gateway.queries.contradictionPage = {
      rows: [{ contradiction: contradictionRow({ memoryId, otherId: other }), content: null, otherContent: null }],
      next: null,
    };
    const { json } = await call(gateway, 'GET', '/context?query=x');
    expect(gateway.queries.last).toMatchObject({
      what: 'contradictions',
      query: { isResolved: false, memoryIds: [memoryId, other] },
    });
    expect(json.context).toContain(`disputed with memory ${other}] Prefers dark mode (memory ${memoryId})`);
    expect(json.context).toContain(`disputed with memory ${memoryId}] Prefers light mode (memory ${other})`);
    gateway.queries.hits = [disputed({})];
    const alone = await call(gateway, 'GET', '/context?query=x');
    expect(gateway.queries.last.what).toBe('search');
    expect(alone.json.context).toContain('disputed] Prefers dark mode');
    gateway.queries.hits = hits;
  });
});
