import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminUrlOf, readSeries } from '#test/harness/admin-pages.js';
import { useServer } from '#test/harness/server.js';
import type { ServerClient } from '#test/harness/server-client.js';

const burst = 40;
const server = useServer({
  MEMORYSTACK_ADMIN_PORT: '0',
  MEMORYSTACK_RATE_LIMIT_BURST: String(burst),
  MEMORYSTACK_RATE_LIMIT_PER_SECOND: '1',
});
let api: ServerClient;
beforeAll(() => {
  api = server.client();
});

/** Reads until the series that `names` name have these values; the last reading otherwise, for the test to show. */
async function settled(expected: Record<string, number>): Promise<Record<string, number | undefined>> {
  for (const endMs = Date.now() + 10_000; ; await sleep(50)) {
    const series = await readSeries(adminUrlOf(server));
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, series.get(name)]));
    if (Date.now() > endMs || Object.entries(expected).every(([name, value]) => found[name] === value)) return found;
  }
}

const requests = (method: string, route: string, status: string): string =>
  `memorystack_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;
const commands = (type: string, outcome: string): string =>
  `memorystack_command_duration_seconds_count{type="${type}",outcome="${outcome}"}`;
const appends = (outcome: string): string => `memorystack_append_duration_seconds_count{outcome="${outcome}"}`;

describe('the metrics of a server', () => {
  it('count what was asked, written, projected and searched', async () => {
    const body = { content: 'The launch is in May' };
    const headers = { 'idempotency-key': 'once' };
    const { memory_ids: ids } = (await api.post('/memories', body, { headers })).json<{ memory_ids: string[] }>();
    await api.post('/memories', body, { headers });
    await api.post('/memories', { messages: [{ role: 'user', content: 'I like tea' }] });
    await api.patch(`/memories/${ids[0]}`, { confidence: 0.9 }, { headers: { 'if-match': '"77"' } });
    await api.get('/memories/search?query=launch');
    await api.get('/memories/search?query=launch&mode=text');
    await api.get('/memories/search?limit=many');
    await api.get(`/memories/${ids[0]}`);
    await api.get('/stats', { key: null });
    await api.get('//no/such/path');
    const expected = {
      [requests('POST', '/api/v1/memories', '2xx')]: 3,
      [requests('PATCH', '/api/v1/memories/:id', '4xx')]: 1,
      [requests('GET', '/api/v1/memories/search', '2xx')]: 2,
      [requests('GET', '/api/v1/memories/search', '4xx')]: 1,
      [requests('GET', '/api/v1/memories/:id', '2xx')]: 1,
      [requests('GET', '/api/v1/stats', '4xx')]: 1,
      [requests('GET', 'none', '4xx')]: 1,
      [commands('LearnMemory', 'accepted')]: 1,
      [commands('LearnMemory', 'replayed')]: 1,
      [commands('IngestConversation', 'accepted')]: 1,
      [commands('ReviseMemory', 'refused')]: 1,
      [appends('appended')]: 2,
      [appends('replayed')]: 1,
      memorystack_projected_commits_total: 2,
      memorystack_projection_lag_commits: 0,
      memorystack_projection_retries_total: 0,
      memorystack_parked_streams: 0,
      'memorystack_search_duration_seconds_count{mode="hybrid"}': 1,
      'memorystack_search_duration_seconds_count{mode="text"}': 1,
      memorystack_rate_limited_total: 0,
    };
    expect(await settled(expected)).toEqual(expected);
  });

  it('count the same events where they were written and where they were projected, and measure seconds', async () => {
    const series = await readSeries(adminUrlOf(server));
    const written = series.get('memorystack_appended_events_total')!;
    expect(written).toBeGreaterThanOrEqual(3);
    expect(series.get('memorystack_projected_events_total')).toBe(written);
    const seconds = series.get('memorystack_append_duration_seconds_sum{outcome="appended"}')!;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(60);
  });

  it('tell of the process', async () => {
    const series = await readSeries(adminUrlOf(server));
    expect(series.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(series.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('count the requests that the rate refused', async () => {
    const none = requests('GET', 'none', '4xx');
    const before = (await readSeries(adminUrlOf(server))).get(none)!;
    // Paths that are not there cost a place in the rate, and ask no store.
    const answers = await Promise.all(Array.from({ length: burst * 2 }, () => api.get('/nowhere')));
    const refused = answers.filter(({ status }) => status === 429).length;
    expect(refused).toBeGreaterThan(0);
    const expected = { memorystack_rate_limited_total: refused, [none]: before + answers.length };
    expect(await settled(expected)).toEqual(expected);
  });

  it('stand beside the probes, and only there', async () => {
    const admin = adminUrlOf(server);
    for (const probe of ['livez', 'readyz']) expect((await fetch(`${admin}/${probe}`)).status).toBe(200);
    expect((await fetch(`${admin}/api/v1/stats`)).status).toBe(404);
    expect((await api.get('//metrics')).status).toBe(404);
  });
});
