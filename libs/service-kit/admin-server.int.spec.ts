import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemMediaType } from './problem.js';
import { type AdminServer, startAdminServer } from './admin-server.js';
import type { ReadyState } from './health.js';
import { startObservation } from './observation.js';

const isReady: ReadyState = { ready: true, detail: 'The server takes requests.' };
const host = '127.0.0.1';

describe('the admin server', () => {
  let server: AdminServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  async function start(ready: () => Promise<ReadyState> = async () => isReady): Promise<string> {
    server = await startAdminServer({ host, port: 0, ready });
    return server.url;
  }

  const problemAt = async (url: string, method = 'GET') => {
    const answer = await fetch(url, { method });
    expect(answer.headers.get('content-type')).toBe(problemMediaType);
    return { answer, problem: (await answer.json()) as Record<string, unknown> };
  };

  it('shows the metrics in the text format of Prometheus', async () => {
    const answer = await fetch(`${await start()}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('# TYPE memorystack_command_duration_seconds histogram');
  });

  it('says that it lives, whatever is ready', async () => {
    const url = await start(() => Promise.reject(new Error('out of reach')));
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('says that it is ready, and with 503 why it is not, as things are when it is asked', async () => {
    let state = isReady;
    const url = await start(async () => state);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    state = { ready: false, detail: 'The search index is being loaded.', facts: { indexed_documents: 7 } };
    const { answer, problem } = await problemAt(`${url}/readyz`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(problem).toMatchObject({ code: 'overloaded', detail: state.detail, details: state.facts });
    state = isReady;
    expect((await fetch(`${url}/readyz?verbose`)).status).toBe(200);
  });

  it('is not ready when what it needs fails, and does not tell its message', async () => {
    const { answer, problem } = await problemAt(`${await start(() => Promise.reject(new Error('secret')))}/readyz`);
    expect(answer.status).toBe(503);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('is not ready when what it needs does not answer', async () => {
    const { answer } = await problemAt(`${await start(() => new Promise(() => undefined))}/readyz`);
    expect(answer.status).toBe(503);
  });

  it('knows no other path and no other method', async () => {
    const url = await start();
    expect((await problemAt(`${url}/api/v1/memories`)).answer.status).toBe(404);
    const { answer } = await problemAt(`${url}/metrics`, 'POST');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(`${url}/livez`, { method: 'HEAD' })).status).toBe(200);
  });

  it('answers what was asked before it closes', async () => {
    let finish: (state: ReadyState) => void = () => undefined;
    const asked = new Promise<void>((wasAsked) => {
      void start(() => {
        wasAsked();
        return new Promise((resolve) => (finish = resolve));
      }).then((url) => (answering = fetch(`${url}/readyz`)));
    });
    let answering: Promise<Response> | undefined;
    await asked;
    const closing = server!.close();
    finish(isReady);
    expect((await answering!).status).toBe(200);
    await closing;
    await expect(fetch(`${server!.url}/livez`)).rejects.toThrow();
  });

  it('does not start on a port that is taken', async () => {
    const port = Number(new URL(await start()).port);
    await expect(startAdminServer({ host, port, ready: async () => isReady })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('startObservation', () => {
  const listening = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  /** A server's handle outlives its closing by a moment. */
  const settled = async (expected: number): Promise<number> => {
    for (const endMs = Date.now() + 10_000; listening() !== expected && Date.now() < endMs;) await sleep(10);
    return listening();
  };
  const settings = { host, traceCollectorUrl: null };

  it('listens only when a port is configured, until it is stopped', async () => {
    expect(await settled(0)).toBe(0);
    const off = await startObservation({ ...settings, adminPort: null }, 'test', async () => isReady);
    expect([off.adminUrl, listening()]).toEqual([null, 0]);
    await off.stop();
    const on = await startObservation({ ...settings, adminPort: 0 }, 'test', async () => isReady);
    expect([on.adminUrl, listening()]).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), 1]);
    await on.stop();
    expect(await settled(0)).toBe(0);
  });
});
