import { afterEach, describe, expect, it } from '@jest/globals';
import { planOf } from '#libs/contracts/plans.js';
import { accepted, call, type GatewayUnderTest, learned, startGateway } from '../gateway.fixture.js';

const free = planOf('free');
const { apiCallsPerMonth, memories, storageBytes } = free.quotas as Record<keyof typeof free.quotas, number>;

describe('the quotas of a plan', () => {
  let gateway: GatewayUnderTest;
  afterEach(() => gateway.application.close());

  const start = async (used: { apiCalls?: number; memories?: number; contentBytes?: number }): Promise<void> => {
    gateway = await startGateway({ planTier: 'free' });
    const { apiCalls = 0, ...stored } = used;
    gateway.counters.monthApiCalls = apiCalls;
    gateway.queries.stored = { memories: 0, episodes: 0, contentBytes: 0, ...stored };
    gateway.bus.answer = () => accepted(learned);
  };
  const add = () => call(gateway, 'POST', '/memories', { body: { content: 'The zebra is called Zora' } });
  const read = () => call(gateway, 'GET', '/memories');
  const warned = { 'x-quota-name': expect.any(String) };

  it('let the last call of the month through and not the next, which says when the month is over', async () => {
    await start({ apiCalls: apiCallsPerMonth - 2 });
    expect((await read()).status).toBe(200);
    const last = await read();
    expect(last.status).toBe(200);
    expect(last.headers['x-quota-remaining']).toBe('1');
    const refused = await read();
    expect(refused).toMatchObject({
      status: 429,
      json: {
        code: 'quota_exceeded',
        detail: expect.stringContaining('wait until the month is over, or ask the operator'),
        details: { quota: 'api_calls_per_month', limit: apiCallsPerMonth, plan_tier: 'free' },
      },
      headers: { 'x-quota-name': 'api_calls_per_month', 'x-quota-remaining': '0' },
    });
    const now = new Date();
    const nextMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
    expect(refused.json.details.resets_at).toBe(nextMonth.toISOString());
    expect(refused.headers['x-quota-reset']).toBe(String(nextMonth.getTime() / 1000));
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // What was refused is no call that counts.
    expect(gateway.counters.counted).toEqual(['tenant api_call', 'tenant api_call']);
  });

  it('are told as a second policy beside the rate', async () => {
    await start({ apiCalls: 100 });
    const { headers } = await read();
    expect(headers['ratelimit-policy']).toMatch(new RegExp(`^"tenant";q=\\d+, "month";q=${apiCallsPerMonth}$`));
    expect(headers['ratelimit']).toMatch(new RegExp(`, "month";r=${apiCallsPerMonth - 100};t=\\d+$`));
    expect(headers).not.toMatchObject(warned);
  });

  it.each([
    [{ memories: memories * 0.8 }, 'memories', memories * 0.2],
    [{ contentBytes: storageBytes * 0.9, memories: memories * 0.8 }, 'storage_bytes', storageBytes * 0.1],
    [{ apiCalls: apiCallsPerMonth * 0.8 }, 'api_calls_per_month', apiCallsPerMonth * 0.2],
  ])('warn of what is nearest to its end from four fifths on: %j', async (used, name, remaining) => {
    await start(used);
    const { status, headers } = await read();
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'x-quota-name': name, 'x-quota-remaining': String(Math.round(remaining)) });
  });

  it.each([
    ['memories', { memories }],
    ['storage_bytes', { contentBytes: storageBytes }],
  ])('refuse writes alone when %s are full: reads, deletes and the way out stay open', async (quota, used) => {
    await start(used);
    const refused = await add();
    expect(refused).toMatchObject({ status: 429, json: { code: 'quota_exceeded', details: { quota } } });
    expect(refused.json.details.resets_at).toBeNull();
    expect(refused.headers).not.toHaveProperty('retry-after');
    expect(gateway.bus.envelopes).toEqual([]);
    const batch = { memories: [{ content: 'The zebra is called Zora' }] };
    expect(await call(gateway, 'POST', '/memories/batch/create', { body: batch })).toMatchObject({
      status: 429,
      json: { code: 'quota_exceeded', details: { quota } },
    });
    expect((await read()).status).toBe(200);
    gateway.bus.answer = () => accepted({ deletedCount: 1 });
    const body = { memory_ids: ['0192bbbb-0000-7000-8000-000000000001'] };
    expect((await call(gateway, 'DELETE', '/memories/batch', { body })).status).toBe(200);
  });

  it('count what was just written', async () => {
    await start({ memories: memories - 1 });
    expect((await add()).status).toBe(201);
    expect((await add()).status).toBe(429);
  });

  it('refuse nothing while search cannot tell what is stored', async () => {
    await start({ memories });
    gateway.queries.failure = new Error('search is away');
    expect((await add()).status).toBe(201);
  });

  it('are none on a server of your own', async () => {
    gateway = await startGateway();
    gateway.counters.monthApiCalls = 1e12;
    const { status, headers } = await read();
    expect(status).toBe(200);
    expect(headers).not.toMatchObject(warned);
    expect(headers['ratelimit-policy']).not.toContain('month');
    expect((await call(gateway, 'GET', '/stats')).json.usage.monthly_api_limit).toBeNull();
  });

  it('are true in /stats', async () => {
    await start({ apiCalls: 7 });
    expect((await call(gateway, 'GET', '/stats')).json).toMatchObject({
      plan_tier: 'free',
      usage: { monthly_api_limit: apiCallsPerMonth, current_month_api_calls: 7 },
    });
  });
});
