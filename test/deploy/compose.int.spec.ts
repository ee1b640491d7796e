import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfiguration, VARIABLES } from '#libs/service-kit/configuration.js';
import { DeployTools, installLimitMs, type Resource, ROOT, workloadsOf } from './rendered.js';

type Service = Resource['spec'];
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, null>;
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const readCompose = () => parse(text, { merge: true }) as Compose;
const compose = readCompose();
const withModel = parse(readFileSync(join(ROOT, 'docker-compose.model.yml'), 'utf8')) as Compose;
const withEmbedder = parse(readFileSync(join(ROOT, 'docker-compose.embedder.yml'), 'utf8')) as Compose;
const entries = Object.entries(compose.services);
const servers = ['kafka', 'postgres', 'redis', 'qdrant'];
const running = ['gateway', 'ingestion', 'search', 'maintenance'];
const ours = entries.filter(([name]) => !servers.includes(name));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** As compose reads `${NAME:-standard}` and `$$`, with nothing set outside. */
const interpolated = (value: string) => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$');

const environmentOf = ({ environment }: Service): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolated(value as string)]));
/** What the preparation makes when the variable is empty. */
const masterKey = randomBytes(32).toString('hex');

let tools: DeployTools;
beforeAll(async () => void (tools = await DeployTools.open()), installLimitMs);

describe('docker-compose.yml', () => {
  it('fits the schema of compose files, which refuses what it does not know', () => {
    const schema = { builtin: 'vendor.compose-spec' };
    expect(tools.validateAgainst(schema, compose)).toMatchObject({ ok: true });
    const planted = readCompose();
    planted.services['gateway'].restrat = 'always';
    expect(tools.validateAgainst(schema, planted)).toMatchObject({ ok: false });
  });

  it('has the services, their preparation and their servers', () => {
    expect(entries.map(([name]) => name).sort()).toEqual([...running, 'prepare', ...servers].sort());
  });

  it('needs nothing to be set before', () => {
    expect(text).not.toMatch(/\$\{\w+(?:\}|:?\?)/);
  });

  it.each(ours)('%s: settings are variables of the configuration, and enough for it', (_name, service) => {
    const environment = environmentOf(service);
    expect(Object.keys(environment).filter((name) => !(VARIABLES as readonly string[]).includes(name))).toEqual([]);
    expect(environment['MEMORYSTACK_MASTER_KEY']).toBe('');
    const configuration = readConfiguration({ ...environment, MEMORYSTACK_MASTER_KEY: masterKey });
    expect(configuration.profile).toBe('distributed');
    expect(configuration.host).toBe('0.0.0.0');
  });

  it('leads every service to servers that there are', () => {
    const addresses = ours.flatMap(([, service]) =>
      Object.values(environmentOf(service)).flatMap((value) =>
        [...value.matchAll(/(?:^|@|\/\/)([a-z]+):\d+/g)].map(([, host]) => host!),
      ),
    );
    expect(new Set(addresses)).toEqual(new Set([...servers, 'search']));
  });

  it('publishes the ports of the gateway alone, to this machine alone', () => {
    const published = entries.filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['gateway']);
    const { gateway } = compose.services;
    const environment = { ...environmentOf(gateway), MEMORYSTACK_MASTER_KEY: masterKey };
    const { port, grpcPort } = readConfiguration(environment);
    expect(gateway.ports).toEqual([`127.0.0.1:${port}:${port}`, `127.0.0.1:${grpcPort}:${grpcPort}`]);
  });

  it('keeps the servers in a network without a way in or out', () => {
    expect(compose.networks['servers']).toEqual({ internal: true });
    const outside = entries.filter(([, { networks }]) => networks.some((name: string) => name !== 'servers'));
    expect(outside.map(([name]) => name)).toEqual(['gateway']);
  });

  it('pins every image, ours to this version, the servers to those of k8s', () => {
    for (const [, { image, build }] of ours) {
      expect({ image, build }).toEqual({ image: `memorystack:${version}`, build: { context: '.' } });
    }
    const inCluster = workloadsOf(tools.render({ overlay: 'dev' }))
      .filter(({ kind }) => kind === 'StatefulSet')
      .map(({ spec, metadata }) => [metadata.name, spec.template.spec.containers[0].image]);
    expect(servers.map((name) => [name, compose.services[name].image]).sort()).toEqual(inCluster.sort());
  });

  it('checks the health of all that keeps running, and starts it again', () => {
    for (const [name, { healthcheck, restart }] of entries.filter(([name]) => name !== 'prepare')) {
      expect({ name, restart, checks: healthcheck.test.length > 1 }).toEqual({
        ...{ name, restart: 'unless-stopped', checks: true },
      });
    }
    const { healthcheck, restart } = compose.services['prepare'];
    expect({ healthcheck, restart }).toEqual({ healthcheck: { disable: true }, restart: 'no' });
  });

  it('prepares when the servers are healthy, and starts services when that is done', () => {
    const waits = (name: string) => compose.services[name].depends_on as Record<string, { condition: string }>;
    expect(waits('prepare')).toEqual(
      Object.fromEntries(servers.map((name) => [name, { condition: 'service_healthy' }])),
    );
    for (const name of running) {
      expect(waits(name)).toMatchObject({ prepare: { condition: 'service_completed_successfully' } });
    }
  });

  it('keeps data in volumes that it declares', () => {
    const mounted = entries.flatMap(([, { volumes = [] }]) => volumes.map((volume: string) => volume.split(':')[0]));
    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  it('lets only the preparation write the master key, and nobody else see it', () => {
    const holders = entries.filter(([, { volumes = [] }]) =>
      volumes.some((volume: string) => volume.startsWith('keys:')),
    );
    expect(Object.fromEntries(holders.map(([name, { volumes }]) => [name, volumes]))).toEqual({
      ...Object.fromEntries(running.map((name) => [name, ['keys:/keys:ro']])),
      prepare: ['keys:/keys'],
    });
  });

  it('confines our containers', () => {
    for (const [, service] of ours) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        stop_grace_period: '60s',
      });
    }
  });
});

/** Ends with the exit code of a health check of a server, run here against a port of this machine. */
async function runCheck(name: string, port: number): Promise<number> {
  const [, program, ...args] = compose.services[name].healthcheck.test as string[];
  const there = args.map((word) => interpolated(word).replace(/(127\.0\.0\.1)\/\d+/, `$1/${port}`));
  const child = spawn(program!, there, { stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number];
  return code;
}

async function withServer<T>(answer: string, work: (port: number) => Promise<T>): Promise<T> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('health checks by bash', () => {
  const ready = 'HTTP/1.1 200 OK\r\n\r\n';

  it.each(['kafka', 'qdrant'])(
    '%s: content with a server that answers, not with a port where nobody is',
    async (name) => {
      const port = await withServer(ready, async (open) => {
        expect(await runCheck(name, open)).toBe(0);
        return open;
      });
      expect(await runCheck(name, port)).not.toBe(0);
    },
  );

  it('qdrant: not content with a server that is not ready', async () => {
    const code = await withServer('HTTP/1.1 503 Service Unavailable\r\n\r\n', (port) => runCheck('qdrant', port));
    expect(code).not.toBe(0);
  });
});

describe('docker-compose.model.yml', () => {
  it('fits the schema of compose files', () => {
    expect(tools.validateAgainst({ builtin: 'vendor.compose-spec' }, withModel)).toMatchObject({ ok: true });
  });

  it('tells ingestion alone of a model, and gives it alone a way out', () => {
    expect(Object.keys(withModel.services)).toEqual(['ingestion']);
    const { environment, networks } = withModel.services['ingestion'];
    const ofModel = VARIABLES.filter((name) => name.startsWith('MEMORYSTACK_LLM_'));
    expect(Object.keys(environment)).toEqual(ofModel);
    for (const name of ofModel) expect(environment[name]).toMatch(new RegExp(`^\\$\\{${name}:[-?]`));
    expect(networks).toEqual(['servers', 'models']);
    expect(withModel.networks).toEqual({ models: {} });
  });
});

describe('docker-compose.embedder.yml', () => {
  it('fits the schema of compose files', () => {
    expect(tools.validateAgainst({ builtin: 'vendor.compose-spec' }, withEmbedder)).toMatchObject({ ok: true });
  });

  it('tells who writes or asks the index, all the same, and gives those a way out who embed', () => {
    expect(Object.keys(withEmbedder.services).sort()).toEqual(['ingestion', 'maintenance', 'prepare', 'search']);
    const others = ['MEMORYSTACK_EMBEDDER', 'MEMORYSTACK_EMBEDDER_FOLDER'];
    const wanted = VARIABLES.filter((name) => name.startsWith('MEMORYSTACK_EMBEDDER') && !others.includes(name));
    for (const [service, { environment, networks }] of Object.entries(withEmbedder.services)) {
      expect(Object.keys(environment)).toEqual(['MEMORYSTACK_EMBEDDER', ...wanted]);
      expect(environment['MEMORYSTACK_EMBEDDER']).toBe('openai');
      for (const name of wanted) expect(environment[name]).toMatch(new RegExp(`^\\$\\{${name}:[-?]`));
      expect(networks).toEqual(service === 'prepare' ? undefined : ['servers', 'models']);
    }
    expect(withEmbedder.networks).toEqual({ models: {} });
  });
});
