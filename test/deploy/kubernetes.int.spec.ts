import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '#libs/contracts/topics.js';
import { readConfiguration, VARIABLES } from '#libs/service-kit/configuration.js';
import { DeployTools, installLimitMs, type Labels, type Resource, ROOT, selects, workloadsOf } from './rendered.js';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const services = ['gateway', 'ingestion', 'search', 'maintenance'];
/** What the Secret holds. */
const secrets = {
  DATABASE_URL: 'postgresql://user:password@host:5432/database',
  MEMORYSTACK_MASTER_KEY: randomBytes(32).toString('hex'),
  REDIS_URL: 'rediss://user:password@host:6380/0',
  QDRANT_API_KEY: 'key',
  KAFKA_SASL_USERNAME: 'user',
  KAFKA_SASL_PASSWORD: 'password',
  MEMORYSTACK_API_KEY: 'a-key-of-the-operator',
  MEMORYSTACK_LLM_API_KEY: 'key-of-the-model',
  MEMORYSTACK_EMBEDDER_API_KEY: 'key-of-the-model',
};

/** As they are meant to be used, and the base with every component at once. */
const variants = {
  dev: { overlay: 'dev' },
  prod: { overlay: 'prod' },
  components: { components: ['keda', 'servicemonitor', 'ingress', 'model', 'embedder'] },
};
const rendered: Record<string, Resource[]> = {};
let tools: DeployTools;

beforeAll(async () => {
  tools = await DeployTools.open();
  for (const [name, parts] of Object.entries(variants)) rendered[name] = tools.render(parts);
}, installLimitMs);

const ofKind = (resources: Resource[], kind: string) => resources.filter((resource) => resource.kind === kind);
const nameOf = ({ kind, metadata }: Resource) => `${kind}/${metadata.name}`;
const podOf = (workload: Resource) => workload.spec.template.spec;
const labelsOf = (workload: Resource) => workload.spec.template.metadata.labels as Labels;
const containersOf = (workload: Resource) => podOf(workload).containers as Resource['spec'][];
const portNamesOf = (workload: Resource) =>
  containersOf(workload).flatMap(({ ports = [] }) => ports.map(({ name }: { name: string }) => name));
const isOurs = (workload: Resource) => labelsOf(workload)['app.kubernetes.io/name'] === 'memorystack';
const ours = (resources: Resource[]) => workloadsOf(resources).filter(isOurs);

describe.each(Object.keys(variants))('k8s: %s', (variant) => {
  let resources: Resource[];
  beforeAll(() => void (resources = rendered[variant]!));

  it('has the four services and their preparation', () => {
    const names = ours(resources).map(nameOf).sort();
    expect(names).toEqual(
      [...services.map((name) => `Deployment/memorystack-${name}`), 'Job/memorystack-prepare'].sort(),
    );
  });

  it('fits the schema of Kubernetes, without a field that it does not know', () => {
    expect(tools.validate(resources)).toEqual({ ok: true, output: '' });
  });

  it('lets no container do more than it needs', () => {
    const free = workloadsOf(resources).filter((workload) => {
      const { securityContext: pod, automountServiceAccountToken, enableServiceLinks, hostNetwork } = podOf(workload);
      const isNobody = pod.runAsNonRoot === true && pod.runAsUser > 0 && pod.seccompProfile.type === 'RuntimeDefault';
      const isConfined = containersOf(workload).every(
        ({ securityContext: own }) =>
          own?.allowPrivilegeEscalation === false &&
          own.capabilities.drop.includes('ALL') &&
          own.capabilities.add === undefined &&
          (own.readOnlyRootFilesystem === true || !isOurs(workload)),
      );
      const isAlone = automountServiceAccountToken === false && enableServiceLinks === false && !hostNetwork;
      return !isNobody || !isConfined || !isAlone;
    });
    expect(free.map(nameOf)).toEqual([]);
  });

  it('asks for processor and memory for every container, and bounds both', () => {
    const unbounded = workloadsOf(resources).filter((workload) =>
      containersOf(workload).some(
        ({ resources: own }) => !own?.requests?.cpu || !own.requests.memory || !own.limits?.cpu || !own.limits.memory,
      ),
    );
    expect(unbounded.map(nameOf)).toEqual([]);
  });

  it('probes every container that keeps running, on a port that it names', () => {
    const running = workloadsOf(resources).filter(({ kind }) => kind !== 'Job');
    const blind = running.filter((workload) =>
      containersOf(workload).some((container) =>
        ['startupProbe', 'readinessProbe', 'livenessProbe'].some((name) => {
          const probe = container[name];
          const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
          return probe?.exec === undefined && !portNamesOf(workload).includes(port);
        }),
      ),
    );
    expect(running.length).toBeGreaterThanOrEqual(services.length);
    expect(blind.map(nameOf)).toEqual([]);
  });

  it('gives a service the time to finish what it accepted', () => {
    const grace = ours(resources).filter(({ kind }) => kind === 'Deployment');
    expect(grace.map((workload) => podOf(workload).terminationGracePeriodSeconds)).toEqual([60, 60, 60, 60]);
  });

  it('has a disruption budget for every workload that keeps running', () => {
    const budgets = ofKind(resources, 'PodDisruptionBudget');
    const running = workloadsOf(resources).filter(({ kind }) => kind !== 'Job');
    const counts = running.map(
      (workload) => budgets.filter(({ spec }) => selects(spec.selector, labelsOf(workload))).length,
    );
    expect(counts).toEqual(running.map(() => 1));
  });

  it('denies every pod what no policy allows, in both directions', () => {
    const policies = ofKind(resources, 'NetworkPolicy');
    const open = workloadsOf(resources).filter((workload) => {
      const types = policies
        .filter(({ spec }) => selects(spec.podSelector, labelsOf(workload)))
        .flatMap(({ spec }) => spec.policyTypes as string[]);
      return !types.includes('Ingress') || !types.includes('Egress');
    });
    expect(open.map(nameOf)).toEqual([]);
  });

  it('lets Prometheus reach the admin port of each service, and nobody else', () => {
    const admitting = ofKind(resources, 'NetworkPolicy').flatMap(({ spec }) =>
      ((spec.ingress ?? []) as Resource['spec'][])
        .filter(({ ports }) => !ports || ports.some(({ port }: { port: string }) => port === 'metrics'))
        .map((rule) => ({ spec, rule })),
    );
    for (const workload of ours(resources).filter(({ kind }) => kind === 'Deployment')) {
      const rules = admitting.filter(({ spec }) => selects(spec.podSelector, labelsOf(workload)));
      expect(rules.map(({ rule }) => rule.from[0].namespaceSelector.matchLabels)).toEqual([
        { 'kubernetes.io/metadata.name': 'monitoring' },
      ]);
    }
  });

  it('names ports in policies that the selected pods have', () => {
    const missing = ofKind(resources, 'NetworkPolicy').flatMap(({ spec, metadata }) =>
      ((spec.ingress ?? []) as Resource['spec'][])
        .flatMap(({ ports = [] }) => ports.map(({ port }: { port: string | number }) => port))
        .filter((port) => typeof port === 'string')
        .filter((port) =>
          workloadsOf(resources).some(
            (workload) => selects(spec.podSelector, labelsOf(workload)) && !portNamesOf(workload).includes(port),
          ),
        )
        .map((port) => `${metadata.name}: ${port}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no service without pods behind it that listen', () => {
    const deaf = ofKind(resources, 'Service').filter(({ spec }) => {
      const behind = workloadsOf(resources).filter((workload) =>
        selects({ matchLabels: spec.selector }, labelsOf(workload)),
      );
      const names = behind.flatMap(portNamesOf);
      return behind.length !== 1 || !spec.ports.every(({ targetPort }: Resource) => names.includes(targetPort));
    });
    expect(deaf.map(nameOf)).toEqual([]);
  });

  it('selects its own pods with every workload', () => {
    const strangers = workloadsOf(resources).filter(
      (workload) => workload.kind !== 'Job' && !selects(workload.spec.selector, labelsOf(workload)),
    );
    expect(strangers.map(nameOf)).toEqual([]);
  });

  it('refers to nothing that is not there', () => {
    const names = new Set(resources.map(nameOf));
    const wanted = [
      ...ours(resources).map((workload) => `ServiceAccount/${podOf(workload).serviceAccountName}`),
      ...ours(resources).flatMap((workload) =>
        containersOf(workload).flatMap(({ envFrom }) =>
          envFrom.map(({ configMapRef }: Resource) => `ConfigMap/${configMapRef.name}`),
        ),
      ),
      ...[...ofKind(resources, 'HorizontalPodAutoscaler'), ...ofKind(resources, 'ScaledObject')].map(
        ({ spec }) => `Deployment/${spec.scaleTargetRef.name}`,
      ),
      ...ofKind(resources, 'Ingress').flatMap(({ spec }) =>
        spec.rules.flatMap(({ http }: Resource) =>
          http.paths.map(({ backend }: Resource) => `Service/${backend.service.name}`),
        ),
      ),
    ];
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  it('lets one scaler at most decide on a Deployment, and none of them fights with a number in the file', () => {
    const scalers = [...ofKind(resources, 'HorizontalPodAutoscaler'), ...ofKind(resources, 'ScaledObject')];
    const targets = scalers.map(({ spec }) => spec.scaleTargetRef.name as string);
    expect(targets.sort()).toEqual(['memorystack-gateway', 'memorystack-ingestion', 'memorystack-search']);
    const fixed = workloadsOf(resources).filter(
      ({ spec, metadata }) => targets.includes(metadata.name) && spec.replicas !== undefined,
    );
    expect(fixed.map(nameOf)).toEqual([]);
  });

  it('holds no secret, and takes each from the Secret', () => {
    expect(ofKind(resources, 'Secret')).toEqual([]);
    const texts = JSON.stringify(resources);
    expect(texts).not.toMatch(/:\/\/[^/\s:@"]*:[^@/\s"]+@/);
    const literals = workloadsOf(resources).flatMap((workload) =>
      containersOf(workload)
        .flatMap(({ env = [] }) => env as { name: string; value?: string }[])
        .filter(
          ({ name, value }) => value !== undefined && (name in secrets || /PASSWORD|SECRET|TOKEN|API_KEY/.test(name)),
        ),
    );
    expect(literals).toEqual([]);
    const settings = ofKind(resources, 'ConfigMap').flatMap(({ data }) => Object.keys(data));
    expect(settings.filter((name) => name in secrets)).toEqual([]);
  });

  it('pins every image, ours to the version of this checkout', () => {
    const images = workloadsOf(resources).flatMap((workload) =>
      containersOf(workload).map(({ image }) => ({ image: image as string, ours: isOurs(workload) })),
    );
    expect(images.filter(({ image }) => !/^[\w./-]+:v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/.test(image))).toEqual([]);
    expect(images.filter((found) => found.ours && !found.image.endsWith(`memorystack:${version}`))).toEqual([]);
  });
});

/** The environment that a container gets when the Secret holds everything. */
function environmentOf(resources: Resource[], workload: Resource): Record<string, string> {
  const [container] = containersOf(workload);
  const maps = container.envFrom.map(({ configMapRef }: Resource) =>
    ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef.name),
  ) as Resource[];
  const settings = Object.assign({}, ...maps.map(({ data }) => data)) as Record<string, string>;
  for (const { name, valueFrom } of container.env) {
    expect(valueFrom.secretKeyRef.key).toBe(name);
    settings[name] = secrets[name as keyof typeof secrets];
  }
  return settings;
}

describe.each(['dev', 'prod'])('settings of the services in k8s: %s', (variant) => {
  it('are variables of the configuration, and enough for it', () => {
    const resources = rendered[variant]!;
    for (const workload of ours(resources)) {
      const environment = environmentOf(resources, workload);
      expect(Object.keys(environment).filter((name) => !(VARIABLES as readonly string[]).includes(name))).toEqual([]);
      const configuration = readConfiguration(environment);
      expect(configuration.profile).toBe('distributed');
      const ports = containersOf(workload)[0].ports ?? [];
      const actual = Object.fromEntries(ports.map(({ name, containerPort }: Resource) => [name, containerPort]));
      const told = { http: configuration.port, grpc: configuration.grpcPort, metrics: configuration.adminPort };
      expect({ ...told, ...actual }).toEqual(told);
    }
  });

  it('lead the gateway to the search service', () => {
    const resources = rendered[variant]!;
    const gateway = ours(resources).find(({ metadata }) => metadata.name === 'memorystack-gateway')!;
    const [host, port] = readConfiguration(environmentOf(resources, gateway)).servers!.searchAddress.split(':');
    const service = ofKind(resources, 'Service').find(({ metadata }) => metadata.name === host)!;
    expect(service.spec.clusterIP).toBe('None');
    expect(service.spec.ports.map((found: { port: number }) => found.port)).toContain(Number(port));
  });
});

describe('k8s components', () => {
  it('fit what their operators define', () => {
    const files = {
      ScaledObject: 'scaled-object.json',
      ServiceMonitor: 'service-monitor.json',
      PrometheusRule: 'prometheus-rule.json',
    };
    for (const [kind, file] of Object.entries(files)) {
      const found = ofKind(rendered['components']!, kind);
      expect(found.length).toBeGreaterThan(0);
      for (const resource of found) expect(tools.validateAgainst({ file }, resource)).toMatchObject({ ok: true });
      const planted = structuredClone(found[0]!);
      planted.spec.intervall = 5;
      expect(tools.validateAgainst({ file }, planted)).toMatchObject({ ok: false });
    }
  });

  it('scale by topics and groups that there are, to no more pods than partitions', () => {
    const known = new Map(Object.values(topics).map(({ name, partitions }) => [name as string, partitions]));
    const namers = ['libs/profiles/distributed.profile.ts', 'libs/adapters/kafka/command-transport.ts'];
    const sources = namers.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('');
    for (const { spec } of ofKind(rendered['components']!, 'ScaledObject')) {
      const waiting = spec.triggers
        .filter(({ type }: Labels) => type === 'kafka')
        .map(({ metadata }: Resource) => metadata);
      expect(waiting.length).toBeGreaterThan(0);
      for (const { topic, consumerGroup } of waiting) {
        expect(spec.maxReplicaCount).toBeLessThanOrEqual(known.get(topic)!);
        expect(sources).toContain(`'${consumerGroup}'`);
      }
    }
  });

  it.each([
    ['a model', 'MEMORYSTACK_LLM_', 'memorystack-to-model', ['ingestion'], []],
    [
      'an embedder',
      'MEMORYSTACK_EMBEDDER',
      'memorystack-to-embedder',
      ['ingestion', 'maintenance', 'search'],
      ['Job/memorystack-prepare'],
    ],
  ])('let those alone speak to %s who need it', (_, prefix, policy, services, others) => {
    const resources = rendered['components']!;
    const [{ spec }] = ofKind(resources, 'NetworkPolicy').filter(({ metadata }) => metadata.name === policy) as [
      Resource,
    ];
    expect(spec.egress).toEqual([{ ports: [{ port: 443, protocol: 'TCP' }] }]);
    const settingsOf = (workload: Resource) =>
      containersOf(workload)
        .flatMap(({ env = [] }) => env as { name: string; value?: string }[])
        .filter(({ name }) => name.startsWith(prefix));
    const told = ours(resources).filter((workload) => settingsOf(workload).length > 0);
    const free = ours(resources).filter((workload) => selects(spec.podSelector, labelsOf(workload)));
    const names = services.map((name) => `Deployment/memorystack-${name}`);
    expect(free.map(nameOf).sort()).toEqual(names);
    expect(told.map(nameOf).sort()).toEqual([...names, ...others]);
    const settings = settingsOf(told[0]!).map(({ name, value }) => [name, value ?? 'key-of-the-model']);
    const { model, embedder } = readConfiguration(Object.fromEntries(settings));
    expect([model?.name, 'model' in embedder && embedder.model]).toContain('example');
  });

  it('watch each service once', () => {
    const resources = rendered['components']!;
    const [monitor] = ofKind(resources, 'ServiceMonitor');
    const watched = ofKind(resources, 'Service').filter(({ metadata }) =>
      selects(monitor!.spec.selector, metadata.labels!),
    );
    const port = monitor!.spec.endpoints[0].port as string;
    const found = watched.filter(({ spec }) => spec.ports.some(({ name }: { name: string }) => name === port));
    expect(found.map(({ metadata }) => metadata.name).sort()).toEqual(
      services.map((name) => `memorystack-${name}`).sort(),
    );
  });
});

describe('the validator', () => {
  it('refuses a field that Kubernetes does not know, and names it', () => {
    const planted = structuredClone(rendered['dev']!);
    const gateway = planted.find((resource) => nameOf(resource) === 'Deployment/memorystack-gateway')!;
    gateway.spec.template.spec.containers[0].readinesProbe = {};
    const { ok, output } = tools.validate(planted);
    expect(ok).toBe(false);
    expect(output).toContain('readinesProbe');
  });

  it('refuses a kind that it has no schema for', () => {
    const { output } = tools.validate([{ apiVersion: 'apps/v1', kind: 'Deploiment', metadata: { name: 'planted' } }]);
    expect(output).toContain('Deploiment');
  });
});
