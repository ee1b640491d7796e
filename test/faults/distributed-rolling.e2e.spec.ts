import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../../tools/stack/services.mjs';
import { useDistributedServer } from '#test/harness/distributed.js';
import { LoadBalancer } from '#test/harness/load-balancer.js';
import { type Answer, ServerClient } from '#test/harness/server-client.js';

const drainMs = 3_000;
const patienceMs = 60_000;

describe('two gateways and two search services behind a load balancer', () => {
  const server = useDistributedServer({ MEMORYSTACK_DRAIN_SECONDS: String(drainMs / 1000) });
  const replicas: Service[] = [];
  let gateways: Service[];
  let searches: Service[];
  let balancer: LoadBalancer;
  let client: ServerClient;

  const urlOf = ({ variables }: Service) => `http://127.0.0.1:${variables['PORT']}`;

  beforeAll(async () => {
    const [gateway, search] = [server.service('gateway'), server.service('search')];
    const secondSearch = await server.replica('search');
    replicas.push(secondSearch);
    await secondSearch.start();
    searches = [search, secondSearch];
    await gateway.end('SIGINT');
    const addresses = searches.map(({ variables }) => `127.0.0.1:${variables['MEMORYSTACK_GRPC_PORT']}`);
    gateway.variables['MEMORYSTACK_SEARCH_ADDRESS'] = addresses.join();
    const secondGateway = await server.replica('gateway');
    replicas.push(secondGateway);
    await Promise.all([gateway.start(), secondGateway.start()]);
    gateways = [gateway, secondGateway];
    balancer = new LoadBalancer(gateways.map((one) => ({ url: urlOf(one), adminUrl: one.adminUrl })));
    await balancer.start();
    client = new ServerClient(balancer.url, server.key);
  }, 120_000);
  afterAll(async () => {
    client?.close();
    await balancer?.stop();
    for (const replica of replicas) await replica.end('SIGKILL');
  }, 60_000);

  it('each is restarted under load, one after another: no request fails', async () => {
    const failures: string[] = [];
    let answered = 0;
    let isOver = false;
    const goOn = async (expected: number, ask: (round: number) => Promise<Answer>): Promise<void> => {
      for (let round = 0; !isOver; round += 1) {
        const { status, text } = await ask(round).catch((err: Error) => ({ status: 0, text: err.message }));
        if (status === expected) answered += 1;
        else failures.push(`${new Date().toISOString()} ${status} ${text}`);
      }
    };
    const write = (writer: string) =>
      goOn(201, (round) => client.post('/memories', { content: `statement ${round} of ${writer}` }));
    const running = [
      ...['Ada', 'Grace', 'Edsger'].map(write),
      goOn(200, () => client.get('/memories?limit=5')),
      goOn(200, () => client.get('/memories/search?query=statement&limit=5')),
    ];
    for (const service of [...gateways, ...searches]) {
      const before = answered;
      expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
      await service.start();
      expect(answered).toBeGreaterThan(before);
    }
    isOver = true;
    await Promise.all(running);
    console.info(`${answered} requests answered over four restarts`);
    expect(failures).toEqual([]);
  }, 240_000);

  it('a gateway that is told to stop says that it is not ready, answers on, and then ends', async () => {
    const [gateway] = gateways as [Service];
    const direct = new ServerClient(urlOf(gateway), server.key);
    try {
      process.kill(gateway.pid!, 'SIGTERM');
      const toldMs = Date.now();
      const isReady = () => fetch(`${gateway.adminUrl}/readyz`).then(({ ok }) => ok);
      for (const endMs = Date.now() + patienceMs; await isReady(); await sleep(10)) {
        if (Date.now() > endMs) throw new Error('It goes on being ready.');
      }
      expect((await direct.get('/memories?limit=1')).status).toBe(200);
      expect((await direct.post('/memories', { content: 'written while it drains' })).status).toBe(201);
      expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(Date.now() - toldMs).toBeGreaterThanOrEqual(drainMs - 100);
    } finally {
      direct.close();
      await gateway.end('SIGKILL');
    }
  }, 120_000);
});
