import { beforeAll, describe, expect, it } from '@jest/globals';
import type {
  CreatedAnswer,
  DifferenceOnTheWire,
  MemoryOnTheWire,
  RetiredOnTheWire,
} from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { random } from '#test/harness/server-random.js';

const writes = 130;
const readsEach = 4;
const inParallel = 8;

/** An answer that was given while its position was the end of the log. */
interface Recorded {
  path: string;
  position: number;
  answer: Told;
}

/** What an answer told, with its scores beside it: they may differ in the last digits. */
interface Told {
  status: number;
  body: unknown;
  scores: number[];
}

interface DiffPage {
  added: DifferenceOnTheWire[];
  revised: DifferenceOnTheWire[];
  retired: RetiredOnTheWire[];
  restored: DifferenceOnTheWire[];
  next_cursor?: string;
}

const cities = ['Lyon', 'Porto', 'Oslo', 'Graz', 'Turin'];
const firms = ['Initech', 'Globex', 'Hooli'];
const drinks = ['green tea', 'black coffee', 'apple juice'];
const asked = ['Where do I live?', 'lyon', 'green tea', 'Who do I work for?', 'What did Ann say about coffee?', ''];

export function timeTravel({ useServer }: TestedProfile): void {
  const server = useServer();
  const seed = Date.now() % 1_000_000;
  const next = random(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]!;
  const about = { agent_name: 'Ada', team_name: 'red', session_id: 's-1' };
  const who = new URLSearchParams(about).toString();
  const ids: string[] = [];
  const recorded: Recorded[] = [];
  let api: ServerClient;
  const positions: number[] = [];

  beforeAll(() => {
    api = server.client();
  });

  /** @returns the position of the write */
  async function write(): Promise<number> {
    const answer = await writing();
    // An undo may find nothing to undo, or something that depends on it.
    expect([seed, answer.text.slice(0, 200), [200, 201, 404, 409].includes(answer.status)]).toEqual([
      ...[seed, expect.any(String), true],
    ]);
    const created = answer.json<Partial<CreatedAnswer>>();
    ids.push(...(created.memory_ids ?? []));
    // A refusal has no position, and a repeated write that of the first time.
    return Math.max(Number(answer.headers['memorystack-position'] ?? 0), positions.at(-1) ?? 0);
  }

  function writing(): Promise<Answer> {
    const chance = next();
    const id = ids.length > 0 ? pick(ids) : null;
    const sentences = [`I live in ${pick(cities)}.`, `I work at ${pick(firms)}.`, `I like ${pick(drinks)}.`];
    if (id === null || chance < 0.4) {
      const kind = { scope: pick(['personal', 'team', 'project']), memory_type: pick(['fact', 'note']) };
      return api.post('/memories', {
        ...about,
        ...kind,
        content: pick(sentences),
        metadata: { n: Math.floor(next() * 3) },
      });
    }
    if (chance < 0.6) {
      const messages = sentences.map((content) => ({ role: 'user', name: 'Ann', content }));
      return api.post('/memories', { ...about, messages });
    }
    if (chance < 0.75) return api.patch(`/memories/${id}`, { ...about, content: pick(sentences) });
    if (chance < 0.85) return api.patch(`/memories/${id}`, { ...about, confidence: next(), memory_type: 'note' });
    if (chance < 0.93) return api.post(`/memories/${id}/undo`, about);
    return api.delete(`/memories/${id}?${who}`);
  }

  function read(): string {
    const chance = next();
    const superseded = next() < 0.5 ? '&include_superseded=true' : '';
    if (chance < 0.25) return `/memories/${ids.length > 0 ? pick(ids) : 'none'}?${who}`;
    if (chance < 0.35) return `/memories?${who}&valid_at=${new Date().toISOString()}`;
    if (chance < 0.5) return `/memories?${who}&limit=${pick([5, 100])}&order=${pick(['asc', 'desc'])}${superseded}`;
    const more = pick([
      '',
      '&include_episodes=true',
      '&include_episodes=false',
      '&memory_type=note',
      '&min_confidence=0.5',
    ]);
    return `/memories/search?${who}&explain=true&query=${encodeURIComponent(pick(asked))}${more}${superseded}`;
  }

  async function every<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
    const waiting = [...items];
    const worker = async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
    };
    await Promise.all(Array.from({ length: inParallel }, worker));
  }

  it('answers recorded while writes ran equal answers asked later with as_of', async () => {
    for (let at = 0; at < writes; at += 1) {
      const position = await write();
      positions.push(position);
      for (const path of Array.from({ length: readsEach }, read)) {
        const answer = toldBy(await api.get(`${path}&min_position=${position}`));
        recorded.push({ path, position, answer });
      }
    }
    expect(recorded.length).toBeGreaterThanOrEqual(500);
    expect(recorded.filter(({ answer }) => answer.scores.length > 0).length).toBeGreaterThan(100);
    const shuffled = recorded.map((one) => ({ one, order: next() })).sort((left, right) => left.order - right.order);
    await every(shuffled, async ({ one: { path, position, answer } }) => {
      const later = toldBy(await api.get(`${path}&as_of=${position}`));
      if (answer.status === 200) expect(later.body).toMatchObject({ as_of: position });
      expect([seed, path, position, withoutPosition(later.body)]).toEqual([
        seed,
        path,
        position,
        withoutPosition(answer.body),
      ]);
      later.scores.forEach((score, place) => expect(Math.abs(score - answer.scores[place]!)).toBeLessThan(1e-6));
    });
  }, 480_000);

  it('what changed between two moments, put on the state at the first, gives the state at the second', async () => {
    const last = positions.at(-1)!;
    const pairs = Array.from({ length: 40 }, () =>
      [1 + Math.floor(next() * last), 1 + Math.floor(next() * last)].sort((left, right) => left - right),
    );
    await every(pairs, async ([from, to]) => {
      const [state, wanted] = [await stateAt(from!), await stateAt(to!)];
      for (let cursor = ''; ;) {
        const answer = await api.get(`/memories/diff?${who}&from=${from}&to=${to}&limit=${1 + (to! % 20)}${cursor}`);
        expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
        const { added, revised, retired, restored, next_cursor: following } = answer.json<DiffPage>();
        for (const { memory, reasons } of [...added, ...revised, ...restored, ...retired]) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const { event_offset: offset } of reasons) expect(offset > from! && offset <= to!).toBe(true);
          state.set(memory.id, memory);
        }
        for (const { memory, status } of retired) if (status === 'forgotten') state.delete(memory.id);
        if (following === undefined) break;
        cursor = `&cursor=${following}`;
      }
      const sorted = (memories: Map<string, MemoryOnTheWire>) => [...memories.entries()].sort();
      expect([seed, from, to, sorted(state)]).toEqual([seed, from, to, sorted(wanted)]);
    });
  }, 120_000);

  async function stateAt(position: number): Promise<Map<string, MemoryOnTheWire>> {
    const state = new Map<string, MemoryOnTheWire>();
    for (let cursor = ''; ;) {
      const path = `/memories?${who}&as_of=${position}&include_superseded=true&limit=100${cursor}`;
      const page = (await api.get(path)).json<{ results: MemoryOnTheWire[]; next_cursor?: string }>();
      for (const memory of page.results) state.set(memory.id, memory);
      if (page.next_cursor === undefined) return state;
      cursor = `&cursor=${page.next_cursor}`;
    }
  }

  describe('one belief and another', () => {
    const place = 'project_name=moving';
    const of = (answer: Answer) =>
      answer.json<{ results: MemoryOnTheWire[] }>().results.map(({ content, status }) => `${content} ${status}`);

    it('by position, by instant, and by what was true: each day has its own answer', async () => {
      const first = await learn('I live in Lyon.');
      const second = await learn('I moved: now I live in Porto.');
      const [old] = (await api.get(`/memories?${place}&as_of=${first}`)).json<{ results: MemoryOnTheWire[] }>().results;
      expect(old).toMatchObject({ content: 'I live in Lyon.', status: 'active', superseded_by: null });
      expect(of(await api.get(`/memories/search?${place}&query=live&as_of=${second}`))).toEqual(
        of(await api.get(`/memories/search?${place}&query=live`)),
      );
      const byInstant = await api.get(`/memories?${place}&as_of=${encodeURIComponent(old!.updated_at)}`);
      expect(byInstant.json<{ as_of: number }>().as_of).toBeGreaterThanOrEqual(first);
      expect(of(byInstant)[0]).toBe('I live in Lyon. active');
      const then = `valid_at=${old!.created_at}`;
      expect(of(await api.get(`/memories?${place}&${then}`)).map((one) => one.slice(0, 14))).toContain(
        'I live in Lyon',
      );
      const stats = async (query: string) =>
        (await api.get(`/stats?${query}`)).json<{ totals: Record<string, number> }>().totals;
      expect((await stats(`as_of=${second}`))['memories']).toBe((await stats(''))['memories']);
      expect((await stats('valid_at=1990-01-01'))['memories']).toBe(0);
    });

    it('what is erased is gone from every day', async () => {
      const position = await learn('The quagga is called Quentin.');
      const path = `/memories/search?${place}&query=quagga&as_of=${position}`;
      const [memory] = (await api.get(path)).json<{ results: MemoryOnTheWire[] }>().results;
      expect(memory!.content).toContain('Quentin');
      await api.delete(`/memories/${memory!.id}?${place}&hard=true`);
      for (const asking of [
        path,
        `/memories?${place}&as_of=${position}`,
        `/memories/diff?${place}&from=1&to=${position}`,
      ])
        expect((await api.get(asking)).text).not.toContain('Quentin');
      expect((await api.get(`/memories/${memory!.id}?${place}&as_of=${position}`)).status).toBe(404);
    });

    async function learn(content: string): Promise<number> {
      const answer = await api.post('/memories', { content, project_name: 'moving' });
      expect([answer.status, answer.text.slice(0, 200)]).toEqual([201, expect.any(String)]);
      return answer.json<CreatedAnswer>().event_offset;
    }
  });

  it('400 for what is no moment, or none of the log', async () => {
    const wrong = [
      ...['yesterday', '-1', '1.5', '1e1', '0x1', '0', 'NaN', '%00', '1%202', '2026-02-30T00:00:00Z', '9'.repeat(30)],
      ...['2026-01-01', '2026-01-01T00:00:00', '99999999', '2999-01-01T00:00:00Z', '2001-01-01T00:00:00Z', ''],
      ...['1&as_of=2', '9'.repeat(500), '../1', '%F0%9F%98%80'],
    ];
    for (const path of ['/memories?', '/memories/search?query=x&', `/memories/${ids[0]}?`, '/stats?']) {
      for (const moment of wrong) {
        const answer = await api.get(`${path}as_of=${moment}`);
        const type = answer.headers['content-type'];
        expect([path, moment, answer.status, type]).toEqual([
          path,
          moment,
          400,
          expect.stringContaining('problem+json'),
        ]);
      }
    }
    for (const query of ['', 'from=1', 'to=1', 'from=3&to=2', 'from=x&to=2', 'from=1&to=99999999', 'from=0&to=1'])
      expect([query, (await api.get(`/memories/diff?${query}`)).status]).toEqual([query, 400]);
    expect((await api.get('/memories?valid_at=never')).status).toBe(400);
  });
}

function toldBy(answer: Answer): Told {
  const scores: number[] = [];
  const body = JSON.parse(answer.text, (name: string, value: unknown) => {
    if (typeof value !== 'number' || !isScore(name)) return value;
    scores.push(value);
    return 'a score';
  }) as unknown;
  if (answer.status !== 200) return { status: answer.status, body: answer.status, scores: [] };
  return { status: answer.status, body, scores };
}

function isScore(name: string): boolean {
  return name === 'score' || name === 'similarity' || name === 'rrf_score';
}

function withoutPosition(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { as_of: _asOf, next_cursor: _cursor, ...rest } = body as Record<string, unknown>;
  return rest;
}
