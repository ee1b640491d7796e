import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { ServiceError } from '#libs/contracts/errors.js';
import type { ReadyState } from './health.js';
import { exposition, register, watchProcess } from './metrics.js';
import { problemMediaType, problemOf, toServiceError } from './problem.js';

export interface AdminServer {
  url: string;
  /** Answers what was asked, then stops listening. */
  close(): Promise<void>;
}

export interface AdminServerOptions {
  host: string;
  /** 0 lets the operating system choose. */
  port: number;
  /** Whether the process wants work. Asked at each `/readyz`. */
  ready(): Promise<ReadyState>;
}

interface Page {
  mediaType: string;
  text: string;
}

/** A probe that gets no answer is repeated; one that waits for ever piles up. */
const readyTimeoutMs = 5_000;

/**
 * `/metrics` and the probes of any service, away from the port that tenants use: without keys, so that it must not be
 * reachable from outside.
 * @throws Error when the port is taken
 */
export async function startAdminServer({ host, port, ready }: AdminServerOptions): Promise<AdminServer> {
  watchProcess();
  const pages = new Map<string, () => Promise<Page>>([
    ['/metrics', async () => ({ mediaType: register.contentType, text: await exposition() })],
    ['/livez', async () => okPage],
    ['/readyz', () => readyPage(ready)],
  ]);
  const server = createServer((request, response) => void answer(pages, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(address) ? `[${address}]` : address}:${taken}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const okPage: Page = { mediaType: 'application/json; charset=utf-8', text: '{"success":true,"status":"ok"}' };

async function readyPage(ready: () => Promise<ReadyState>): Promise<Page> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ReadyState>((resolve) => {
    const state: ReadyState = {
      ready: false,
      detail: `What this service needs did not answer within ${readyTimeoutMs / 1000} s.`,
    };
    timer = setTimeout(() => resolve(state), readyTimeoutMs);
  });
  const failed: ReadyState = { ready: false, detail: 'What this service needs does not answer.' };
  const state = await Promise.race([ready().catch(() => failed), late]).finally(() => clearTimeout(timer));
  if (!state.ready) throw new ServiceError('overloaded', state.detail, state.facts);
  return okPage;
}

async function answer(
  pages: ReadonlyMap<string, () => Promise<Page>>,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = url.replace(/\?.*/s, '');
  // Who asks comes again in some seconds at the earliest, and a kept connection would hold up the end.
  response.shouldKeepAlive = false;
  try {
    const page = pages.get(path);
    if (!page) throw new ServiceError('not_found', `There is no such path: there are ${[...pages.keys()].join(', ')}.`);
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      throw new ServiceError('method_not_allowed', `${method} is not a method of this path: use GET.`);
    }
    const { mediaType, text } = await page();
    send(response, 200, mediaType, text);
  } catch (error) {
    const problem = problemOf(toServiceError(error), path, randomUUID());
    if (problem.status === 503) response.setHeader('retry-after', '1');
    send(response, problem.status, problemMediaType, JSON.stringify(problem));
  }
}

function send(response: ServerResponse, status: number, mediaType: string, text: string): void {
  response.writeHead(status, { 'content-type': mediaType, 'content-length': Buffer.byteLength(text) }).end(text);
}
