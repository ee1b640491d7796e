import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildLineage } from '#libs/domain/lineage/build-graph.js';
import { detected, RecordedWorld } from '#libs/domain/lineage/lineage.fixture.js';
import { learned } from '#libs/domain/memory/memory.fixture.js';
import { contradictionRow } from '#libs/ports/contracts/read-model.fixture.js';
import { call, type GatewayUnderTest, plainKey, startGateway } from '../gateway.fixture.js';
import { memoryId } from '../rows.fixture.js';

const newerId = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0009';

/** A belief that gave way to another. */
function replaced() {
  const world = new RecordedWorld();
  world.hear(memoryId, 'I live in Lisbon');
  world.append(
    'rule',
    detected('c-1', newerId, memoryId),
    learned(newerId, { content: 'I moved to Porto', contradictionIds: ['c-1'] }),
    {
      type: 'MemorySuperseded',
      data: { memoryId, supersededBy: newerId, contradictionId: 'c-1', validTo: null },
    },
  );
  return buildLineage(world.sources(memoryId));
}

describe('why a memory is believed', () => {
  let gateway: GatewayUnderTest;
  const path = `/memories/${memoryId}/lineage`;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.queries.graph = replaced();
    gateway.queries.contradictionPage = { rows: [], next: null };
  });
  afterAll(() => gateway.application.close());

  it('GET /memories/:id/lineage shows the whole graph, with who, when and why on each node', async () => {
    const { status, json } = await call(gateway, 'GET', `${path}?min_position=3`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, memory_id: memoryId, format: 'full', as_of: null });
    expect(gateway.queries.last).toMatchObject({ query: { id: memoryId, asOf: null } });
    expect(json.nodes[0]).toEqual({
      ...{ id: 'version:1', kind: 'version', label: 'version 1: “I live in Lisbon”', event_id: 'event-1' },
      ...{ event_offset: 1, recorded_at: '2026-03-01T10:00:01.000Z', reason: 'rule', decision: null },
      actor: { key: 'key-1', agent: null, session: null },
      version: {
        ...{ memory_id: memoryId, number: 1, content: 'I live in Lisbon', memory_type: 'fact', confidence: 0.8 },
        ...{ status: 'active', valid_from: null, valid_to: null, current: false },
      },
    });
    const kinds = ['version', 'extraction', 'message', 'version', 'alternative', 'contradiction'];
    expect((json.nodes as { kind: string }[]).map(({ kind }) => kind)).toEqual(kinds);
    expect(json.edges).toContainEqual({
      ...{ from: 'version:2', to: `alternative:${newerId}`, type: 'superseded_by', event_id: 'event-4' },
    });
    expect(json.roots).toEqual(['message:message-1:0-16']);
    expect(json.cut).toEqual({ versions: 0, chain: false, contradictions: false });
  });

  it('format=timeline tells what happened in sentences', async () => {
    const { json } = await call(gateway, 'GET', `${path}?format=timeline`);
    expect(json).toMatchObject({ nodes: [], edges: [], roots: [], chain: [] });
    expect((json.events as { sentence: string }[]).map(({ sentence }) => sentence)).toEqual([
      '2026-03-01T10:00:01.000Z: key key-1, by the rules, read in a message “I live in Lisbon”.',
      '2026-03-01T10:00:02.000Z: key key-1, by the rules, found that it and “I moved to Porto” contradict each other: ' +
        'superseded.',
      '2026-03-01T10:00:02.000Z: key key-1, by the rules, put “I moved to Porto” in its place.',
    ]);
  });

  it('format=chain tells the beliefs that replaced one another, with reasons', async () => {
    const { json } = await call(gateway, 'GET', `${path}?format=chain`);
    expect(json).toMatchObject({ nodes: [], events: [] });
    expect(json.chain).toMatchObject([
      {
        ...{ memory_id: memoryId, content: 'I live in Lisbon', status: 'superseded', superseded_by: newerId },
        ...{ replaced_offset: 2, because: { rule_id: 'relation.single_slot', kind: 'update', strategy: 'superseded' } },
      },
      { memory_id: newerId, content: 'I moved to Porto', superseded_by: null, because: null },
    ]);
  });

  it('format=svg draws it, as a picture that may run and load nothing', async () => {
    const answer = await gateway.application.inject({
      ...{ method: 'GET', url: `/api/v1${path}?format=svg`, headers: { authorization: `Bearer ${plainKey}` } },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect(answer.body).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img"/);
    expect(answer.body).toContain('>superseded by</text>');
  });

  it.each(['format=png', 'format=', 'as_of=yesterday', 'depth=3'])('refuses %s', async (query) => {
    expect((await call(gateway, 'GET', `${path}?${query}`)).status).toBe(400);
  });

  it.each([path, '/contradictions', `/contradictions/${memoryId}`])(
    'GET %s answers 401 without a key',
    async (route) => {
      expect((await call(gateway, 'GET', route, { key: null })).status).toBe(401);
    },
  );

  it('as_of asks for the lineage at that moment', async () => {
    await call(gateway, 'GET', `${path}?as_of=2026-03-01T10:00:00Z`);
    expect(gateway.queries.last).toMatchObject({ what: 'lineage', query: { id: memoryId, asOf: 42 } });
  });

  it('answers 404 for what is not there, and for what is no id', async () => {
    gateway.queries.graph = null;
    const routes = [path, '/memories/x/lineage', '/contradictions/x', `/contradictions/${memoryId}`];
    for (const route of routes) expect((await call(gateway, 'GET', route)).status).toBe(404);
  });

  it('GET /contradictions lists them with both contents, page by page', async () => {
    const contradiction = contradictionRow(1, { settlement: 'rejected', reason: 'a joke' });
    const shown = { contradiction, content: 'coffee', otherContent: null };
    gateway.queries.contradictionPage = { rows: [shown], next: { createdPosition: 4, id: contradiction.id } };
    const { json } = await call(gateway, 'GET', '/contradictions?resolved=true&limit=1&user_id=self&scope=team');
    expect(gateway.queries.last.query).toEqual({
      ...{ isResolved: true, limit: 1, after: null },
      filter: {
        and: [
          { field: 'userId', equals: null },
          { field: 'scope', equals: 'team' },
        ],
      },
    });
    const wanted = {
      ...{ id: contradiction.id, memory_id: contradiction.memoryId, other_id: contradiction.otherId },
      ...{ content: 'coffee', other_content: null, kind: 'conflict', probability: 0.9, slot: 'residence' },
      ...{ rule_id: 'relation.single_slot', rules_version: 'relations-1', evidence: ['slot=residence'] },
      ...{ user_id: null, scope: 'personal', resolved: true, strategy: 'rejected', reason: 'a joke' },
      ...{ detected_at: contradiction.detectedAt, resolved_at: null },
    };
    expect(json).toEqual({ success: true, count: 1, next_cursor: expect.any(String), contradictions: [wanted] });
    const one = await call(gateway, 'GET', `/contradictions/${contradiction.id}`);
    expect(one.json).toEqual({ success: true, contradiction: wanted });
    const next = `/contradictions?resolved=true&limit=1&user_id=self&scope=team&cursor=${json.next_cursor}`;
    expect((await call(gateway, 'GET', next)).status).toBe(200);
    expect(gateway.queries.last.query).toMatchObject({ after: { createdPosition: 4, id: contradiction.id } });
    for (const wrong of ['resolved=maybe', 'limit=0', 'cursor=x', 'kind=update']) {
      expect((await call(gateway, 'GET', `/contradictions?${wrong}`)).status).toBe(400);
    }
  });
});
