import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedAnswer, HandoffOnTheWire, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { SearchResultOnTheWire } from '#libs/contracts/rest/search-answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { random } from '#test/harness/server-random.js';

export function search({ useServer }: TestedProfile): void {
  const project = { project_name: 'searching' };
  const server = useServer();
  let api: ServerClient;

  beforeAll(async () => {
    api = server.client();
    const learn = (content: string, more: Record<string, unknown>) =>
      api.post('/memories', { content, ...project, ...more });
    await learn('Grace deploys the billing service on Tuesdays', {
      memory_type: 'process',
      confidence: 0.9,
      user_id: 'u-1',
      metadata: { priority: 'high', tags: { area: 'billing' }, rank: 3 },
    });
    await learn('Ada prefers oolong tea in the morning', {
      memory_type: 'preference',
      confidence: 0.6,
      metadata: { priority: 'low', rank: 1 },
    });
    await learn('The billing database is backed up every night', {
      memory_type: 'fact',
      metadata: { priority: 'low' },
    });
    await api.post('/memories', {
      ...project,
      conversation_id: 'picnic',
      messages: [
        {
          role: 'user',
          name: 'Melanie',
          id: 'D1:1',
          timestamp: '2023-05-08T13:56:00Z',
          content: 'We saw a heron at the lake!',
        },
        {
          role: 'user',
          name: 'Caroline',
          id: 'D1:2',
          timestamp: '2023-05-08',
          content: 'Lovely, was it the grey heron again?',
        },
      ],
    });
  });

  const resultsOf = (answer: Answer) => answer.json<{ results: SearchResultOnTheWire[] }>().results;
  const contentsOf = (answer: Answer) => resultsOf(answer).map(({ content }) => content);
  const found = (body: Record<string, unknown>) => api.post('/memories/search', { ...project, ...body });

  /** Two people of a made-up talk, who change their minds and say much besides. */
  const sayAtRandom = async (where: Record<string, string>): Promise<void> => {
    const next = random(6);
    const one = (words: readonly string[]) => words[Math.floor(next() * words.length)]!;
    for (let session = 0; session < 5; session += 1) {
      const messages = Array.from({ length: 12 }, (_, at) => ({
        role: 'user',
        name: one(['Ann', 'Ben']),
        timestamp: `2024-0${session + 1}-10T10:${10 + at}:00Z`,
        content: one([
          `I live in ${one(['Oslo', 'Rome', 'Lyon', 'Bergen'])} now.`,
          `I like ${one(['red', 'green', 'black'])} tea, and the ${one(['boat', 'lake', 'rain'])}.`,
          `My brother moved to ${one(['Oslo', 'Rome', 'Lyon'])} last week.`,
          `Where is the ${one(['boat', 'tea', 'lake'])}?`,
          'Nice!',
        ]),
      }));
      const answer = await api.post('/memories', { ...where, conversation_id: `talk ${session}`, messages });
      expect(answer.status).toBe(201);
    }
  };

  describe('GET and POST /memories/search', () => {
    it('200 answers with scores, sources and both names of the list, the same for both methods', async () => {
      const fields = { query: 'When does Grace deploy billing?', limit: 5, user_id: 'u-1' };
      const posted = await found(fields);
      const gotten = await api.get(`/memories/search?${new URLSearchParams({ ...project, ...fields, limit: '5' })}`);
      expect(gotten.json()).toEqual(posted.json());
      const answer = posted.json<{ count: number; memories: unknown[]; results: SearchResultOnTheWire[] }>();
      expect(answer).toMatchObject({ success: true, mode: 'hybrid', count: answer.results.length });
      expect(answer.memories).toEqual(answer.results);
      const [best] = answer.results;
      expect(best).toMatchObject({
        content: 'Grace deploys the billing service on Tuesdays',
        user_id: 'u-1',
        sources: [],
      });
      expect(best!.score).toBeGreaterThan(0);
      expect([best!.similarity, best!.rrf_score]).toEqual([1, best!.score]);
      for (const { similarity, score } of answer.results) expect(similarity).toBeCloseTo(score / best!.score, 9);
      expect(best).not.toHaveProperty('scores');
    });

    it('200 explain says how the question was understood, and values of features under their old name', async () => {
      const answer = await found({ query: 'When did caroline see the heron on 2023-05-08?', explain: true });
      expect(answer.json()['question']).toEqual({
        text: 'When did Caroline see the heron on May 8, 2023?',
        terms: ['see', 'heron', '8', '2023'],
        ...{ speakers: ['Caroline'], addressed_role: null, asks: ['when'], historical: true },
        days: { first: '2023-05-08', last: '2023-05-08' },
      });
      const [best] = resultsOf(answer);
      const values = best!.explanation!.features.map(({ name, value }) => [name, value]);
      expect(best!.scores).toEqual(Object.fromEntries(values));
      expect((await found({ query: 'heron' })).json()).not.toHaveProperty('question');
      expect((await found({ query: '', explain: true })).json()).not.toHaveProperty('question');
    });

    it('200 explain: contributions and adjustments add up to every score, whatever was said', async () => {
      const where = { project_name: 'explaining' };
      await sayAtRandom(where);
      const seen = new Set<string>();
      const questions = ['Where does Ann live now?', 'What does Ben like?', 'red tea in Oslo', 'Where did Ann live?'];
      for (const query of questions) {
        for (const include_episodes of [true, false]) {
          const body = { ...where, query, limit: 50, explain: true, include_superseded: true, include_episodes };
          const results = resultsOf(await api.post('/memories/search', body));
          expect(results.length).toBeGreaterThan(0);
          for (const { id, score, explanation } of results) {
            const { scored_id: scoredId, features, adjustments } = explanation!;
            for (const one of features) expect(one.contribution).toBeCloseTo(one.value * one.weight, 12);
            const parts = [...features.map((one) => one.contribution), ...adjustments.map((one) => one.amount)];
            expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 9);
            for (const { name } of adjustments) seen.add(name);
            seen.add(scoredId === id ? 'itself' : 'another');
          }
        }
      }
      expect([...seen].sort()).toEqual(['another', 'itself', 'related', 'superseded']);
    });

    it('200 mode=text ranks by words, mode=vector by meaning, hybrid by both', async () => {
      const text = await found({ query: 'oolong tea', mode: 'text' });
      expect([text.status, text.json()['mode']]).toEqual([200, 'text']);
      expect(contentsOf(text)[0]).toBe('Ada prefers oolong tea in the morning');
      // No word of it was ever said.
      const drink = { query: 'hot beverages', limit: 3 };
      expect(contentsOf(await found({ ...drink, mode: 'text' }))).toEqual([]);
      const vector = await found({ ...drink, mode: 'vector', explain: true });
      expect(contentsOf(vector)).toContain('Ada prefers oolong tea in the morning');
      for (const { scores } of resultsOf(vector)) expect(Object.keys(scores!)).toEqual(['meaning']);
      const both = await found({ query: 'oolong beverages', explain: true });
      expect(contentsOf(both)[0]).toBe('Ada prefers oolong tea in the morning');
      expect(Object.keys(resultsOf(both)[0]!.scores!)).toHaveLength(24);
    });

    it("200 a message comes back as an episode with the caller's own id, name and time", async () => {
      const results = resultsOf(await found({ query: 'Was it the grey heron again?', include_episodes: true }));
      const question = results.find(({ external_id: id }) => id === 'D1:2');
      expect(question).toMatchObject({
        source_type: 'episode',
        content: 'Lovely, was it the grey heron again?',
        role: 'user',
        name: 'Caroline',
        said_at: '2023-05-08T00:00:00.000Z',
        sources: [{ external_id: 'D1:2', start: 0, end: 36, message_id: question?.id }],
      });
      const without = resultsOf(await found({ query: 'Which heron did they see?', include_episodes: false }));
      expect(without.filter(({ source_type: type }) => type === 'episode')).toEqual([]);
    });

    it('200 an extracted memory points at its words in the message', async () => {
      const text = 'Hello there. My brother lives in Oslo.';
      const messages = [{ role: 'user', content: text, id: 'ext-7' }];
      const { memory_ids: ids } = (await api.post('/memories', { messages })).json<CreatedAnswer>();
      const memory = resultsOf(await api.post('/memories/search', { query: 'brother Oslo' })).find(({ id }) =>
        ids.includes(id),
      );
      expect(memory?.sources).toEqual([
        { message_id: expect.any(String), external_id: 'ext-7', start: expect.any(Number), end: expect.any(Number) },
      ]);
      const { start, end } = memory!.sources[0]!;
      expect(text.slice(start, end)).toContain('Oslo');
    });

    it.each([
      [
        { AND: [{ memory_type: 'fact' }, { 'metadata.priority': 'low' }] },
        ['The billing database is backed up every night'],
      ],
      [{ OR: [{ confidence: { gte: 0.9 } }, { user_id: 'u-1' }] }, ['Grace deploys the billing service on Tuesdays']],
      [
        { AND: [{ NOT: { memory_type: { in: ['fact', 'process'] } } }, { 'metadata.rank': { lte: 2 } }] },
        ['Ada prefers oolong tea in the morning'],
      ],
      [{ 'metadata.tags.area': 'billing' }, ['Grace deploys the billing service on Tuesdays']],
      [
        { AND: [{ 'metadata.priority': { ne: 'high' } }, { user_id: 'self' }, { memory_type: 'fact' }] },
        ['The billing database is backed up every night'],
      ],
    ])('200 filters %j, ranked, listed, and in a URL', async (filters, expected) => {
      for (const query of ['', 'billing tea service database Ada']) {
        const body = { query, filters, include_episodes: false };
        expect(contentsOf(await found(body))).toEqual(expected);
        const parameters = { ...project, query, filters: JSON.stringify(filters), include_episodes: 'false' };
        expect(contentsOf(await api.get(`/memories/search?${new URLSearchParams(parameters)}`))).toEqual(expected);
      }
    });

    it('200 metadata and min_confidence filter', async () => {
      const high = ['Grace deploys the billing service on Tuesdays'];
      expect(contentsOf(await found({ query: '', metadata: { priority: 'high' } }))).toEqual(high);
      expect(contentsOf(await found({ query: 'billing', min_confidence: 0.85, include_episodes: false }))).toEqual(
        high,
      );
      expect(contentsOf(await found({ query: '', metadata: { priority: 'none of these' } }))).toEqual([]);
    });

    it('200 start_date and end_date bound when it was said; a date alone is the whole day', async () => {
      const heron = async (fields: Record<string, string>) =>
        resultsOf(await found({ query: 'heron', include_episodes: true, ...fields })).filter(({ content }) =>
          /heron/.test(content),
        );
      expect((await heron({ start_date: '2023-05-08', end_date: '2023-05-08' })).length).toBeGreaterThanOrEqual(2);
      expect(await heron({ end_date: '2023-05-07' })).toEqual([]);
      expect(await heron({ start_date: '2023-05-09' })).toEqual([]);
      expect((await found({ query: 'x', start_date: '2023-05-09', end_date: '2023-05-08' })).status).toBe(400);
    });

    it('200 nothing that matches is an empty answer', async () => {
      expect((await found({ query: 'zyxwvut' })).json()).toMatchObject({
        success: true,
        count: 0,
        results: [],
        memories: [],
      });
    });
  });

  describe('GET /context', () => {
    interface Context {
      context: string;
      token_count: number;
      omitted: number;
      truncated: boolean;
      as_of?: number;
      sources: SearchResultOnTheWire[];
    }
    const ask = (fields: Record<string, string>) =>
      api.get(`/context?${new URLSearchParams({ ...project, ...fields })}`);
    const read = async (fields: Record<string, string>) => (await ask(fields)).json<Context>();

    it('200 a prompt text with its sources, inside the budget, by the tokens of the encoding', async () => {
      const query = 'Who deploys billing, and who saw the heron?';
      const large = await read({ query });
      expect(large).toMatchObject({ success: true, encoding: 'o200k_base', omitted: 0, truncated: false });
      const lines = large.context.split('\n');
      expect(lines[0]).toBe('Believed now:');
      const said = lines.indexOf('Said:');
      expect(lines.slice(1, said).join('\n')).toContain('Grace deploys the billing service on Tuesdays (memory ');
      expect(lines.slice(said + 1).join('\n')).toContain(
        '- [8 May 2023] Caroline: Lovely, was it the grey heron again? (message ',
      );
      expect(large.token_count).toBe(countTokens(large.context));
      expect([...large.context.matchAll(/\((?:memory|message) (\S+)\)$/gm)].map(([, id]) => id)).toEqual(
        large.sources.map(({ id }) => id),
      );
      const least = await read({ query, max_tokens: '16' });
      expect(least).toMatchObject({ context: '', token_count: 0, truncated: true, omitted: large.sources.length });
      for (const budget of [60, 100, 150]) {
        const small = await read({ query, max_tokens: String(budget) });
        expect(small.token_count).toBe(countTokens(small.context));
        expect(small.token_count).toBeLessThanOrEqual(budget);
        expect(small.sources.length + small.omitted).toBe(large.sources.length);
      }
    });

    it('200 the same position has the same text, whatever was written since', async () => {
      const query = 'What does Ada prefer?';
      const first = await ask({ query });
      expect((await ask({ query })).text).toBe(first.text);
      const { event_offset: position } = (
        await api.post('/memories', { content: 'Ada prefers the window seat', ...project })
      ).json<CreatedAnswer>();
      const asOf = String(position - 1);
      const before = await ask({ query, as_of: asOf });
      expect(before.json<Context>()).toMatchObject({ as_of: position - 1 });
      expect(before.json<Context>().sources.map(({ id }) => id)).toEqual(
        first.json<Context>().sources.map(({ id }) => id),
      );
      expect((await read({ query })).context).toContain('window seat');
      await api.post('/memories', { content: 'Ada prefers a quiet carriage', ...project });
      expect((await ask({ query, as_of: asOf })).text).toBe(before.text);
    });

    it('200 disputed beliefs are both there, each marked with the other one', async () => {
      const user = { user_id: 'disputed-context' };
      const learned = async (content: string) =>
        (await api.post('/memories', { content, ...project, ...user })).json<CreatedAnswer>().memory_ids[0]!;
      const older = await learned('Nina was born in Ghent.');
      const newer = await learned('Nina was born in Bruges.');
      const { context } = await read({ ...user, query: 'Where was Nina born?' });
      expect(context).toContain(`disputed with memory ${newer}] Nina was born in Ghent. (memory ${older})`);
      expect(context).toContain(`disputed with memory ${older}] Nina was born in Bruges. (memory ${newer})`);
    });

    it.each(['max_tokens=15', 'max_tokens=100001', 'max_tokens=many', 'as_of=soon', 'valid_at=soon'])(
      '400 %s',
      async (wrong) => {
        expect((await api.get(`/context?query=x&${wrong}`)).status).toBe(400);
      },
    );
  });

  describe('/agents, /memories/agents and /handoffs', () => {
    it('201 registers once, then 200; the list shows it under both spellings', async () => {
      const body = { name: 'Nora', role: 'Support', personality: 'Calm', projectId: 'crew', teamId: 'first line' };
      const first = await api.post('/agents', body);
      expect(first.status).toBe(201);
      const { agent, created } = first.json<{ agent: Record<string, unknown>; created: boolean }>();
      expect(created).toBe(true);
      expect(agent).toMatchObject({
        name: 'Nora',
        role: 'Support',
        personality: 'Calm',
        project_name: 'crew',
        team_name: 'first line',
      });
      expect([agent['projectId'], agent['teamId']]).toEqual([agent['project_id'], agent['team_id']]);
      const second = await api.post('/agents', { ...body, role: 'Lead' });
      expect([second.status, second.json()['created']]).toEqual([200, false]);
      const { agents } = (await api.get('/agents?project_name=crew')).json<{ agents: Record<string, unknown>[] }>();
      expect(agents).toEqual([{ ...agent, role: 'Lead', created_at: expect.any(String) }]);
    });

    it('201 a write that names an agent registers it; its memories are found by agent_id', async () => {
      const who = { agent_name: 'Otto', agent_type: 'writer', ...project };
      const created = await api.post('/memories/agents', { content: 'Otto keeps it short', ...who });
      expect(created.status).toBe(201);
      const { agent_id: agentId, memory_ids: ids } = created.json<CreatedAnswer>();
      const { agents } = (await api.get(`/agents?${new URLSearchParams(project)}`)).json<{
        agents: { id: string; name: string }[];
      }>();
      expect(agents).toContainEqual(expect.objectContaining({ id: agentId, name: 'Otto', agent_type: 'writer' }));
      const mine = await api.get(`/memories/agents?${new URLSearchParams({ agent_id: agentId!, ...project })}`);
      const answer = mine.json<{ results: MemoryOnTheWire[]; data: MemoryOnTheWire[]; count: number }>();
      expect(answer.results.map(({ id }) => id)).toEqual(ids);
      expect(answer).toMatchObject({ success: true, count: 1, data: answer.results });
    });

    it('200 include_project shows what the project shares as well', async () => {
      await api.post('/memories', {
        content: 'Shared by the project',
        scope: 'project',
        project_name: 'shared-ground',
      });
      const read = (more: string) => api.get(`/memories/agents?agent_name=Pia&project_name=shared-ground${more}`);
      expect((await read('')).json<{ count: number }>().count).toBe(0);
      expect((await read('&include_project=true')).json<{ count: number }>().count).toBe(1);
    });

    it('201 a handoff is found by its session, and opens the context of the next agent', async () => {
      const handoff = {
        from_agent: 'Support Agent',
        to_agent: 'Billing Specialist',
        session_id: 'customer_77',
        reason: 'Requires billing system access',
        context: { issue_summary: 'Billing discrepancy for invoice #4521' },
        ...project,
      };
      const recorded = await api.post('/handoffs', handoff);
      expect(recorded.status).toBe(201);
      const { project_name: _project, ...told } = handoff;
      const query = new URLSearchParams({ session_id: 'customer_77', ...project });
      const { handoffs } = (await api.get(`/handoffs?${query}`)).json<{ handoffs: HandoffOnTheWire[] }>();
      expect(handoffs).toEqual([{ id: recorded.json()['handoff_id'], created_at: expect.any(String), ...told }]);
      const context = (await api.get(`/context?${query}&agent_name=Billing+Specialist`)).json<{ context: string }>();
      expect(context.context).toContain('Requires billing system access');
      expect((await api.get('/handoffs')).status).toBe(400);
    });
  });
}
