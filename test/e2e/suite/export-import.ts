import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CreatedAnswer, Problem } from '#libs/contracts/rest/answers.js';
import type { ExportTrailer, MemoryOnFile } from '#libs/contracts/rest/memory-file.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';

type Exported = { success: boolean; format: string; data: MemoryOnFile[] } & ExportTrailer;
type Fields = Record<string, unknown>;

const formula = '=HYPERLINK("http://evil")';
const told: Fields[] = [
  { content: 'I live in Berlin.', user_id: 'mover' },
  { content: 'I moved to Madrid, I live there now.', user_id: 'mover' },
  { content: formula, metadata: { b: [1, null], a: '-1' }, memory_type: '@note', confidence: 0.25 },
  { content: 'Two\r\nlines, "quoted"', scope: 'project', team_name: 'red', agent_name: 'Ada', session_id: 's-1' },
  { content: 'Deploys on Tuesdays', scope: 'team', team_name: 'red', agent_name: 'Bob', agent_id: 'a label' },
  { content: 'Ada keeps this to herself', scope: 'personal', agent_name: 'Ada' },
  { content: 'Deploys on Tuesdays', scope: 'team', team_name: 'red', agent_name: 'Ada', agent_id: 'again' },
];

export function exportImport({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  let ids: string[];
  beforeAll(async () => {
    api = server.client();
    ids = [];
    for (const body of told) {
      const answer = await api.post('/memories', body);
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
      ids.push(answer.json<CreatedAnswer>().memory_ids[0]!);
    }
  });

  async function exported(body: Fields = {}, client = api): Promise<Exported> {
    const answer = await client.post('/memories/export', body);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    return answer.json<Exported>();
  }

  const file = async (type: string, body: Fields = {}) => {
    const answer = await api.post('/memories/export', body, { headers: { accept: type } });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    return answer.text;
  };

  describe('POST /memories/export', () => {
    it('writes what the caller may see, the oldest first, with names and without ids of the tenant', async () => {
      const { data, count, success, format } = await exported();
      expect({ success, format, count }).toEqual({ success: true, format: 'json', count: data.length });
      expect(data.map(({ content }) => content)).toEqual([told[1], told[2], told[3]].map((one) => one!['content']));
      const red = await exported({ team_name: 'red', agent_name: 'Ada' });
      const team = red.data.find(({ scope }) => scope === 'team')!;
      expect(team).toMatchObject({ project_name: 'default', team_name: 'red', agent_name: 'Bob', agent_id: 'a label' });
      expect(team.evidence).toHaveLength(2);
      expect(red.data.map(({ content }) => content)).toContain('Ada keeps this to herself');
      expect(JSON.stringify([data, red])).not.toContain('owner_id');
      const listed = (await api.get('/memories')).json<{ results: { project_id: string }[] }>();
      expect(JSON.stringify([data, red])).not.toContain(listed.results[0]!.project_id);
    });

    it('takes the filters of the list, and a moment of the log', async () => {
      expect((await exported({ user_id: 'mover' })).data).toHaveLength(1);
      const both = await exported({ user_id: 'mover', include_superseded: true });
      expect(both.data.map(({ id, status, superseded_by }) => [id, status, superseded_by])).toEqual([
        [ids[0], 'superseded', ids[1]],
        [ids[1], 'active', null],
      ]);
      expect((await exported({ min_confidence: 0.5, memory_type: '@note' })).data).toEqual([]);
      const first = await exported({ as_of: 1 });
      expect(first).toMatchObject({ position: 1, data: [{ id: ids[0], status: 'active', superseded_by: null }] });
      const refused = await api.post('/memories/export', { limit: 3 });
      expect([refused.status, refused.json<Problem>().code]).toEqual([400, 'validation_failed']);
    });

    it('adds every version where it is asked to', async () => {
      const { data } = await exported({ user_id: 'mover', include_superseded: true, include_history: true });
      const events = data.map(({ history }) => history?.map(({ event, status }) => [event, status]));
      expect(events[0]).toEqual([
        ['MemoryLearned', 'active'],
        ['MemorySuperseded', 'superseded'],
      ]);
      expect(events[1]).toEqual([['MemoryLearned', 'active']]);
    });

    it('writes NDJSON that anybody can check: the digest is that of the lines before the trailer', async () => {
      const text = await file('application/x-ndjson');
      const cut = text.lastIndexOf('\n', text.length - 2) + 1;
      const { trailer } = JSON.parse(text.slice(cut)) as { trailer: ExportTrailer };
      const digest = createHash('sha256').update(text.slice(0, cut)).digest('hex');
      expect(trailer).toMatchObject({ count: 3, digest: `sha256:${digest}` });
      const envelope = await exported();
      expect(envelope).toMatchObject(trailer);
      expect(await exported({ format: 'ndjson' })).toMatchObject({ ...trailer, format: 'ndjson', data: text });
    });

    it('writes CSV that no spreadsheet takes for formulas', async () => {
      const text = await file('text/csv', { format: 'csv' });
      const records = parse(text, { columns: true, record_delimiter: '\r\n' }) as unknown as Record<string, string>[];
      expect(records.map(({ content }) => content)).toEqual([told[1]!['content'], `'${formula}`, told[3]!['content']]);
      expect(records.flatMap((one) => Object.values(one)).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      const elsewhere = await api.post('/memories/batch/export', { format: 'csv' });
      expect(elsewhere.json()).toMatchObject({ format: 'csv', count: 3, data: text });
    });

    it('answers 400 for two formats at once, and 401 without a key', async () => {
      const headers = { accept: 'text/csv' };
      const answer = await api.post('/memories/export', { format: 'ndjson' }, { headers });
      expect([answer.status, answer.json<Problem>().code]).toEqual([400, 'validation_failed']);
      expect((await server.client(null).post('/memories/export', {})).status).toBe(401);
    });
  });
}
