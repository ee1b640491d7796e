import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, fastify } from 'fastify';
import { seriesIn } from '#test/harness/admin-pages.js';
import { exposition } from './metrics.js';
import { observeRequests } from './request-observation.js';

const count = async (method: string, route: string, status: string): Promise<number> => {
  const labels = `method="${method}",route="${route}",status="${status}"`;
  return seriesIn(await exposition()).get(`memorystack_http_request_duration_seconds_count{${labels}}`) ?? 0;
};

describe('observeRequests', () => {
  let server: FastifyInstance;
  let url: string;
  let reached: Promise<void>;
  let finish: () => void;
  beforeEach(async () => {
    server = fastify();
    observeRequests(server, () => true);
    const wait = new Promise<void>((resolve) => (finish = resolve));
    reached = new Promise((resolve) => {
      server.get('/slow/:id', async () => {
        resolve();
        await wait;
        return 'done';
      });
    });
    server.get('/failing', async () => Promise.reject(new Error('failed')));
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    finish();
    await server.close();
  });

  it('counts requests by the pattern of their route, not by their path', async () => {
    finish();
    const before = await count('GET', '/slow/:id', '2xx');
    for (const id of ['one', 'two']) await (await fetch(`${url}/slow/${id}`)).text();
    expect(await count('GET', '/slow/:id', '2xx')).toBe(before + 2);
    expect(await exposition()).not.toContain('/slow/one');
  });

  it('counts what fails, and what no route matches under one name', async () => {
    await (await fetch(`${url}/failing`)).text();
    await (await fetch(`${url}/nowhere/at/all`, { method: 'POST' })).text();
    expect(await count('GET', '/failing', '5xx')).toBe(1);
    expect(await count('POST', 'none', '4xx')).toBe(1);
  });

  it('counts once a request whose caller hung up, whenever its work is done', async () => {
    const before = await count('GET', '/slow/:id', '2xx');
    const asking = request(`${url}/slow/three`);
    asking.on('error', () => undefined);
    asking.end();
    await reached;
    asking.destroy();
    for (const endMs = Date.now() + 10_000; Date.now() < endMs; await sleep(10)) {
      if ((await count('GET', '/slow/:id', 'aborted')) === 1) break;
    }
    finish();
    await server.close();
    expect(await count('GET', '/slow/:id', 'aborted')).toBe(1);
    expect(await count('GET', '/slow/:id', '2xx')).toBe(before);
  });
});
