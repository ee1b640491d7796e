import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { trueAt } from '#libs/domain/scope/filter.js';
import type { MomentAnswer } from '#libs/ports/memory-queries.js';
import type { MemoryChange } from '#libs/ports/past-memories.js';
import { call, type GatewayUnderTest, startGateway } from '../gateway.fixture.js';
import { memoryId, memoryRow } from '../rows.fixture.js';
import { momentOf } from './moment.js';

const christmas = '2025-12-24T00:00:00.000Z';

describe('a moment of the log', () => {
  it.each<[string, unknown]>([
    ['42', { position: 42 }],
    ['0', { position: 0 }],
    ['2026-03-01T10:30:00Z', { instant: '2026-03-01T10:30:00.000Z' }],
    ['2026-03-01T10:30:00.5+02:00', { instant: '2026-03-01T08:30:00.500Z' }],
    ['2026-03-01t10:30-0130', { instant: '2026-03-01T12:00:00.000Z' }],
  ])('%s', (text, moment) => expect(momentOf(text, 'as_of')).toEqual(moment));

  it.each(['', ' ', '-1', '1.5', '1e3', '0x10', 'now', '2026-03-01', '2026-03-01T10:30:00', '2026-02-30T00:00:00Z'])(
    '"%s" is none',
    (text) => expect(() => momentOf(text, 'as_of')).toThrow(/as_of must be a position of the log/),
  );

  it('no whole number is too large to be refused', () => {
    expect(() => momentOf('9'.repeat(40), 'to')).toThrow(/to must be a position/);
  });
});

describe('time travel', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.application.close());
  beforeEach(() => {
    gateway.queries.asked.length = 0;
    gateway.queries.momentAnswer = { kind: 'found', position: 42 };
  });
  const asked = (what: string) => gateway.queries.asked.find((one) => one.what === what);

  it.each([
    ['GET', '/memories?as_of=2026-01-01T00:00:00Z', 'list'],
    ['GET', '/memories/search?query=x&as_of=2026-01-01T00:00:00Z', 'search'],
    ['GET', '/memories/search?as_of=2026-01-01T00:00:00Z', 'search'],
  ])('%s %s asks for the position of that moment, and tells it', async (method, path, what) => {
    const { status, json } = await call(gateway, method, path);
    expect([status, json.as_of]).toEqual([200, 42]);
    expect(asked('moment')!.query).toEqual({ instant: '2026-01-01T00:00:00.000Z' });
    expect(asked(what)!.query).toMatchObject({ asOf: 42 });
  });

  it('GET /memories/{id} and GET /stats look at that day, and at what was true on another', async () => {
    const view = { asOf: 42, filter: trueAt(christmas) };
    for (const path of [`/memories/${memoryId}`, '/stats']) {
      const { status, json } = await call(gateway, 'GET', `${path}?as_of=7&valid_at=2025-12-24`);
      expect([status, json.as_of]).toEqual([200, 42]);
      expect(gateway.queries.last.view).toEqual(view);
    }
    expect(asked('moment')!.query).toEqual({ position: 7 });
  });

  it('POST /memories/search takes a position as a number too', async () => {
    const { status } = await call(gateway, 'POST', '/memories/search', { body: { query: 'x', as_of: 7 } });
    expect([status, asked('moment')!.query]).toEqual([200, { position: 7 }]);
  });

  it('without as_of nothing tells of a position', async () => {
    for (const path of ['/memories', '/memories/search?query=x', `/memories/${memoryId}`, '/stats'])
      expect((await call(gateway, 'GET', path)).json).not.toHaveProperty('as_of');
    expect(asked('moment')).toBeUndefined();
  });

  it('valid_at asks for what was true then, superseded or not, at its full score', async () => {
    await call(gateway, 'GET', '/memories/search?query=x&valid_at=2025-12-24');
    const filter = { and: [{ and: [trueAt(christmas)] }] };
    expect(gateway.queries.last.query).toMatchObject({ filter, keepSuperseded: true });
  });

  it('include_superseded lets through what was superseded', async () => {
    await call(gateway, 'GET', '/memories?include_superseded=true');
    expect(gateway.queries.last.query).toMatchObject({ filter: { and: [] } });
    await call(gateway, 'GET', '/memories/search?query=x&include_superseded=true');
    expect(gateway.queries.last.query).toMatchObject({ filter: { and: [{ and: [] }] }, keepSuperseded: false });
  });

  it.each<[MomentAnswer, RegExp]>([
    [{ kind: 'future', head: 9 }, /^as_of lies in the future: the log ends at position 9\.$/],
    [{ kind: 'before', begins: christmas }, /^as_of lies before the log begins, at position 1 on 2025-12-24T/],
    [{ kind: 'before', begins: null }, /^as_of lies before the log begins: nothing was written yet\.$/],
  ])('400 for a moment outside the log: %j', async (answer, detail) => {
    gateway.queries.momentAnswer = answer;
    for (const path of ['/memories', '/memories/search', `/memories/${memoryId}`, '/stats']) {
      const { status, headers, json } = await call(gateway, 'GET', `${path}?as_of=10`);
      expect([status, headers['content-type']]).toEqual([400, expect.stringContaining('application/problem+json')]);
      expect(json).toMatchObject({ code: 'validation_failed', detail: expect.stringMatching(detail) });
    }
  });

  describe('GET /memories/diff', () => {
    const change: MemoryChange = {
      ...{ memoryId, version: 4, position: 9, recordedAt: christmas, eventType: 'MemoryRevised', eventId: 'e' },
      ...{ actor: { key: 'k' }, reason: 'user', decision: { rule: 'r' } },
    };
    const told = { changes: [change], hasEarlierChanges: false };
    const reasons = [
      {
        ...{ version: 4, event: 'MemoryRevised', event_id: 'e', event_offset: 9, recorded_at: christmas },
        ...{ actor: { key: 'k' }, reason: 'user', decision: { rule: 'r' } },
      },
    ];

    it('200 sorts what became of memories by what it was', async () => {
      const [before, after] = [memoryRow(), memoryRow({ confidence: 0.1, metadata: { priority: 'low' }, version: 4 })];
      const closed = memoryRow({ status: 'superseded', supersededBy: 'new', version: 4 });
      gateway.queries.foundDifferences = [
        { kind: 'added', before: null, after, ...told },
        { kind: 'revised', before, after, ...told },
        { kind: 'retired', before, after: closed, ...told },
        { kind: 'retired', before, after: null, ...told, hasEarlierChanges: true },
        { kind: 'restored', before: closed, after, ...told },
      ];
      const { status, json } = await call(gateway, 'GET', '/memories/diff?from=3&to=9&scope=team&user_id=self');
      expect(status).toBe(200);
      const filter = {
        and: [
          { field: 'userId', equals: null },
          { field: 'scope', equals: 'team' },
        ],
      };
      expect(asked('differences')!.query).toEqual({ from: 42, to: 42, filter, after: null, limit: 100 });
      expect(json).toMatchObject({ success: true, from: 42, to: 42, count: 5 });
      expect(json.added).toMatchObject([{ memory: { version: 4 }, reasons }]);
      expect(json.revised).toMatchObject([{ memory: { version: 4 }, reasons }]);
      expect(json.revised[0]).toMatchObject({
        before: { confidence: 0.9, metadata: { priority: 'high' }, version: 3 },
        after: { confidence: 0.1, metadata: { priority: 'low' }, version: 4 },
      });
      expect(Object.keys(json.revised[0].before)).toEqual(['confidence', 'metadata', 'version']);
      expect(json.retired).toMatchObject([
        { memory: { status: 'superseded' }, status: 'superseded', superseded_by: 'new', reasons },
        { memory: { version: 3 }, status: 'forgotten', superseded_by: null, earlier_reasons_left_out: true },
      ]);
      expect(json.restored).toMatchObject([{ memory: { status: 'active' }, reasons }]);
    });

    it('400 without its ends, from late to early, and with filters that change', async () => {
      for (const query of ['', '?from=1', '?to=1', '?from=1&to=x', '?from=-1&to=2', '?from=1&to=2&memory_type=fact'])
        expect([query, (await call(gateway, 'GET', `/memories/diff${query}`)).status]).toEqual([query, 400]);
    });
  });
});
