import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { RunOnTheWire, RunReport } from '#libs/contracts/rest/maintenance-answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';

const patienceMs = 60_000;
const absent = '99999999-0000-4000-8000-000000000000';
/** Said twice in other words, and no third thing is near them. */
const twice = [
  ['The deploy pipeline uses GitHub Actions.', 'Deploy pipeline uses GitHub Actions'],
  ['Marta keeps the spare keys in the blue cabinet.', 'The spare keys are kept by Marta in the blue cabinet.'],
] as const;

interface Event {
  event: string;
  event_id: string;
  event_offset: number;
  version: number;
}

/** Runs of maintenance: planned, applied, taken back. */
export function maintenance({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  let users = 0;
  beforeAll(() => {
    api = server.client();
  });
  const newUser = (): string => `kept-${(users += 1)}`;
  const well = <Body>(answer: Answer): Body => {
    expect([answer.status, answer.status < 300 ? '' : answer.text]).toEqual([answer.status, '']);
    return answer.json<Body>();
  };
  const tell = async (content: string, user: string, more: object = {}): Promise<string> => {
    const answer = await api.post('/memories', { content, user_id: user, ...more });
    return well<{ memory_ids: string[] }>(answer).memory_ids[0]!;
  };
  /** A run that was slow is waited for. */
  const run = async (kind: string, body: object, sent: object = {}): Promise<RunReport> => {
    const answer = await api.post(`/memories/${kind}`, body, sent);
    if (answer.status !== 202) return well<RunReport>(answer);
    const path = answer.headers.location!.replace('/api/v1', '');
    for (const endMs = Date.now() + patienceMs; Date.now() < endMs; await sleep(100)) {
      const job = well<{ finished_at: string | null }>(await api.get(path));
      if (job.finished_at !== null) throw new Error('The run took long; ask its job.');
    }
    throw new Error('The run never ended.');
  };
  const listed = async (user: string): Promise<MemoryOnTheWire[]> =>
    well<{ results: MemoryOnTheWire[] }>(
      await api.get(`/memories?user_id=${user}&limit=100&order=asc&include_superseded=true`),
    ).results;
  /** What is believed, without how often it changed. */
  const beliefs = async (user: string) =>
    (await listed(user)).map(({ version: _version, updated_at: _updated, ...belief }) => belief);
  const statuses = async (user: string) =>
    Object.fromEntries((await listed(user)).map(({ content, status }) => [content, status]));
  const lastEvent = async (id: string): Promise<Event> =>
    well<{ versions: Event[] }>(await api.get(`/memories/${id}/history`)).versions.at(-1)!;
  const free = { max_retired_share: 1 };

  describe('POST /memories/consolidate', () => {
    it('200 a dry run shows what would be appended and changes nothing; applying appends just that', async () => {
      const user = newUser();
      const ids = [await tell(twice[0][0], user), await tell(twice[0][1], user)];
      const before = await beliefs(user);
      const planned = await run('consolidate', { dry_run: true, user_id: user, ...free });
      expect(planned).toMatchObject({ status: 'planned', dry_run: true, changes: { merge: 1 }, retired: 1 });
      expect(await beliefs(user)).toEqual(before);
      expect((await api.get(`/maintenance/runs/${planned.run_id}`)).status).toBe(404);
      const applied = await run('consolidate', { user_id: user, ...free });
      // The same plan on the same log is the same run.
      expect(applied).toMatchObject({
        run_id: planned.run_id,
        status: 'applied',
        applied: 1,
        memories_consolidated: 1,
      });
      const [merged, retired] = planned.events;
      expect(planned.events.map(({ event }) => event)).toEqual(['MemoriesConsolidated', 'MemorySuperseded']);
      for (const { event, memory_id: id, version } of planned.events) {
        expect(await lastEvent(id)).toMatchObject({ event, version: version + 1, event_offset: applied.event_offset });
      }
      expect(ids).toContain(merged!.memory_id);
      const after = new Map((await listed(user)).map((memory) => [memory.id, memory]));
      expect(after.get(retired!.memory_id)).toMatchObject({ status: 'superseded', superseded_by: merged!.memory_id });
      // Never put together: it has the words that one of them had.
      expect(twice[0]).toContain(after.get(merged!.memory_id)!.content);
      const found = well<{ results: { id: string }[] }>(
        await api.get(`/memories/search?query=deploy+pipeline&user_id=${user}`),
      );
      expect(found.results.map(({ id }) => id)).toEqual([merged!.memory_id]);
    });

    it('200 leaves alone what differs in a number, a name, a denial or a wish', async () => {
      const user = newUser();
      const different = [
        'Invoice 4521 was paid in March.',
        'Invoice 4522 was paid in March.',
        'Anna is allergic to peanuts.',
        'Hannah is allergic to peanuts.',
        'The deploy needs an approval.',
        'The deploy needs no approval.',
        'The office has a coffee machine.',
        'The office wants a coffee machine.',
      ];
      for (const content of different) await tell(content, user);
      expect(await run('consolidate', { user_id: user, similarity_threshold: 0.5, ...free })).toMatchObject({
        ...{ status: 'applied', applied: 0, changes: {}, memories_consolidated: 0 },
      });
    });

    it('200 stops and says so when it would retire more than a tenth of a scope', async () => {
      const user = newUser();
      for (const content of [...twice[0], ...twice[1]]) await tell(content, user);
      const before = await beliefs(user);
      const report = await run('consolidate', { user_id: user });
      expect(report).toMatchObject({
        ...{ status: 'stopped', applied: 0, retired: 2, memories_consolidated: 0 },
        guard: { stopped: true, max_retired_share: 0.1, scopes: [{ scope: 'personal', memories: 4, retired: 2 }] },
      });
      expect(await beliefs(user)).toEqual(before);
      const told = well<{ run: RunOnTheWire }>(await api.get(`/maintenance/runs/${report.run_id}`)).run;
      expect(told).toMatchObject({ status: 'stopped', applied: 0, guard: { stopped: true } });
      expect(problemIn(await api.post(`/maintenance/runs/${report.run_id}/revert`, {}))).toMatchObject({
        ...{ status: 409, code: 'nothing_to_undo' },
      });
    });
  });

  describe('POST /maintenance/runs/{id}/revert', () => {
    it('200 restores the beliefs; a second one is refused', async () => {
      const user = newUser();
      for (const content of [...twice[0], ...twice[1]]) await tell(content, user);
      const before = await beliefs(user);
      const { run_id: id } = await run('consolidate', { user_id: user, ...free });
      expect(await beliefs(user)).not.toEqual(before);
      const reverted = await api.post(`/maintenance/runs/${id}/revert`, {});
      expect(well(reverted)).toMatchObject({ run_id: id, status: 'reverted', left: [] });
      expect(await beliefs(user)).toEqual(before);
      const told = well<{ run: RunOnTheWire }>(await api.get(`/maintenance/runs/${id}`)).run;
      expect(told).toMatchObject({ status: 'reverted', steps: [{ reverted: true }] });
      expect(problemIn(await api.post(`/maintenance/runs/${id}/revert`, {}))).toMatchObject({
        ...{ status: 409, code: 'already_reverted' },
      });
    });

    it('409 names what was built on it since, and takes it back too with cascade', async () => {
      const user = newUser();
      for (const content of twice[1]) await tell(content, user);
      const before = await beliefs(user);
      const { run_id: id } = await run('consolidate', { user_id: user, ...free });
      const kept = (await listed(user)).find(({ status }) => status === 'active')!;
      well(await api.patch(`/memories/${kept.id}`, { confidence: 0.31 }));
      const refused = problemIn(await api.post(`/maintenance/runs/${id}/revert`, {}));
      expect(refused).toMatchObject({ status: 409, code: 'later_changes' });
      expect(refused.details).toMatchObject({ later: [{ memory_id: kept.id, event: 'MemoryRevised' }] });
      expect(well(await api.post(`/maintenance/runs/${id}/revert`, { cascade: true }))).toMatchObject({
        status: 'reverted',
      });
      expect(await beliefs(user)).toEqual(before);
    });

    it('404 for a run that is not there, and for one of another tenant', async () => {
      for (const id of [absent, 'nothing', '../x']) {
        expect((await api.post(`/maintenance/runs/${encodeURIComponent(id)}/revert`, {})).status).toBe(404);
      }
      const user = newUser();
      const { run_id: id } = await run('consolidate', { user_id: user });
      const { secret } = await server.createKey('--tenant', `other-${Date.now()}`);
      expect((await api.get(`/maintenance/runs/${id}`, { key: secret })).status).toBe(404);
      expect((await api.post(`/maintenance/runs/${id}/revert`, {}, { key: secret })).status).toBe(404);
    });
  });

  describe('POST /memories/reflect', () => {
    const told = async (user: string): Promise<void> => {
      for (const day of [6, 5, 4, 3, 2]) {
        const timestamp = new Date(Date.now() - day * 86_400_000).toISOString();
        const messages = [{ role: 'user', content: 'I went running this morning.', timestamp }];
        well(await api.post('/memories', { messages, user_id: user, session_id: `day-${day}`, scope: 'personal' }));
      }
    };

    it('200 concludes a habit, names its sources, and concludes it once', async () => {
      const user = newUser();
      await told(user);
      const planned = await run('reflect', { dryRun: true, timeWindowDays: 30, user_id: user });
      expect(planned.status).toBe('planned');
      const made = await run('reflect', { time_window_days: 30, user_id: user });
      expect(made.insights.length).toBeGreaterThan(0);
      expect(made.insights).toEqual(planned.insights);
      const habit = made.insights.find(({ memory_type: type }) => type === 'pattern')!;
      expect(habit.content).toMatch(/run/);
      expect(habit.confidence).toBeLessThanOrEqual(0.85);
      expect(habit.source_ids.length).toBeGreaterThanOrEqual(3);
      const memory = well<{ memory: MemoryOnTheWire }>(await api.get(`/memories/${habit.memory_id}`)).memory;
      expect(memory).toMatchObject({ content: habit.content, source_type: 'reflection', user_id: user });
      const lineage = well<{ roots: string[]; nodes: { alternative?: { standing: string; memory_id: string } }[] }>(
        await api.get(`/memories/${habit.memory_id}/lineage`),
      );
      expect(lineage.roots.length).toBeGreaterThan(0);
      const premises = lineage.nodes.flatMap(({ alternative }) =>
        alternative?.standing === 'premise' ? alternative.memory_id : [],
      );
      expect(premises.sort()).toEqual([...habit.source_ids].sort());
      expect(await run('reflect', { time_window_days: 30, user_id: user })).toMatchObject({ applied: 0 });
    });
  });

  describe('POST /memories/expire', () => {
    it('200 marks what was true for a moment, and takes that back', async () => {
      const user = newUser();
      const timestamp = '2024-01-05T10:00:00Z';
      const messages = [{ role: 'user', content: 'My package is in transit.', timestamp }];
      well(await api.post('/memories', { messages, user_id: user }));
      await tell('Prefers window seats.', user, { memory_type: 'preference' });
      const before = await statuses(user);
      const report = await run('expire', { user_id: user });
      expect(report.status).toBe('applied');
      if (report.applied > 0) expect(Object.values(await statuses(user))).toContain('stale');
      well(await api.post(`/maintenance/runs/${report.run_id}/revert`, {}));
      expect(await statuses(user)).toEqual(before);
    });
  });

  describe('/auto-maintenance/config', () => {
    it('200 keeps the flat keys that were set, and goes back to the standard', async () => {
      const standard = well(await api.get('/auto-maintenance/config'));
      expect(standard).toMatchObject({ consolidation_enabled: false, is_default: true, timezone: 'UTC' });
      const set = { consolidation_enabled: true, consolidation_frequency: '15 4 * * 1-5', timezone: 'Europe/Berlin' };
      expect(well(await api.post('/auto-maintenance/config', set))).toMatchObject({ ...set, config: set });
      expect(well(await api.post('/auto-maintenance/config', { reflection_enabled: true }))).toMatchObject(set);
      expect(well(await api.get('/auto-maintenance/config'))).toMatchObject({
        ...{ ...set, reflection_enabled: true, is_default: false },
      });
      expect(well(await api.delete('/auto-maintenance/config'))).toMatchObject({
        ...{ consolidation_enabled: false, is_default: true },
      });
      expect(well(await api.get('/auto-maintenance/config'))).toEqual(standard);
    });

    it.each([
      ['an unknown key', { consolidate: true }, 'consolidate'],
      ['nothing', {}, ''],
      ['a cron of too few fields', { consolidation_frequency: '* * *' }, 'consolidation_frequency'],
      ['a cron of seconds', { consolidation_frequency: '0 0 3 * * *' }, 'consolidation_frequency'],
      ['a cron that never comes', { reflection_frequency: '0 0 31 2 *' }, 'reflection_frequency'],
      ['a word that is none', { expiry_frequency: 'sometimes' }, 'expiry_frequency'],
      ['a zone that is none', { timezone: 'Mars/Olympus' }, 'timezone'],
      ['a share above 1', { max_retired_share: 1.5 }, 'max_retired_share'],
      ['a window of no days', { reflection_time_window_days: 0 }, 'reflection_time_window_days'],
      ['text for a switch', { consolidation_enabled: 'perhaps' }, 'consolidation_enabled'],
    ])('400 for %s', async (_what, body, field) => {
      const before = well(await api.get('/auto-maintenance/config'));
      const problem = problemIn(await api.post('/auto-maintenance/config', body));
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(JSON.stringify(problem.details)).toContain(field);
      expect(well(await api.get('/auto-maintenance/config'))).toEqual(before);
    });
  });

  describe('bad input of runs', () => {
    it.each([
      ['consolidate', { similarity_threshold: 2 }],
      ['consolidate', { similarity_threshold: 0.5, similarityThreshold: 0.6 }],
      ['consolidate', { threshold: 0.5 }],
      ['reflect', { time_window_days: 91 }],
      ['reflect', { analysis_depth: 'abyssal' }],
      ['reflect', { timeWindowDays: 'week' }],
      ['expire', { archive_after_days: -1 }],
      ['expire', { scope: 'everything' }],
    ])('400 for %s %j', async (kind, body) => {
      const problem = problemIn(await api.post(`/memories/${kind}`, body));
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
    });

    it('lists runs page by page, the latest first', async () => {
      const user = newUser();
      const ids = [];
      for (const max_retired_share of [0.2, 0.3, 0.4]) {
        ids.push((await run('consolidate', { user_id: user, max_retired_share })).run_id);
      }
      const first = well<{ runs: RunOnTheWire[]; next_cursor: string }>(
        await api.get('/maintenance/runs?kind=consolidate&limit=2'),
      );
      const second = well<{ runs: RunOnTheWire[] }>(
        await api.get(`/maintenance/runs?kind=consolidate&limit=2&cursor=${first.next_cursor}`),
      );
      expect([...first.runs, ...second.runs].slice(0, 3).map(({ run_id: id }) => id)).toEqual(ids.reverse());
      expect(problemIn(await api.get('/maintenance/runs?kind=tidy')).status).toBe(400);
    });
  });
}
