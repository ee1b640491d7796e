import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '#libs/service-kit/configuration.js';
import { DeployTools, installLimitMs, type Resource, ROOT } from './rendered.js';

interface Rule {
  alert: string;
  expr: string;
}

const operations = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
let tools: DeployTools;
let resources: Resource[];
let rules: Rule[];

beforeAll(async () => {
  tools = await DeployTools.open();
  resources = tools.render({ components: ['servicemonitor'] });
  const { spec } = resources.find(({ kind }) => kind === 'PrometheusRule')!;
  rules = spec.groups.flatMap((group: { rules: Rule[] }) => group.rules);
}, installLimitMs);

describe('alerts', () => {
  it('are expressions that Prometheus can read', () => {
    expect(rules.length).toBeGreaterThan(8);
    for (const { alert, expr } of rules) expect({ alert, ...tools.parsePromQl(expr) }).toMatchObject({ ok: true });
    expect(tools.parsePromQl('sum(rate(memorystack_relay_failures_total[5m])')).toMatchObject({ ok: false });
  });

  it('are each explained in docs/operations.md, which explains no other', () => {
    const explained = [...operations.matchAll(/^\| `(Memorystack\w+)`/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  it('ask for metrics that there are', () => {
    const described = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    const asked = rules.flatMap(({ expr }) => expr.match(/\bmemorystack_\w+/g) ?? []);
    const names = asked.map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !described.includes(`\`${name}\``))).toEqual([]);
  });

  it('name the Services that there are', () => {
    const services = resources.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
    const named = rules.flatMap(({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, name]) => name));
    expect([...new Set(named)].sort()).toEqual(services.sort());
  });
});

describe('docs/operations.md', () => {
  it('names variables that there are', () => {
    const named = operations.match(/\b(?:MEMORYSTACK|KAFKA|REDIS|QDRANT|DATABASE|OTEL)_[A-Z_]+\b/g)!;
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(VARIABLES as readonly string[]).includes(name))).toEqual([]);
  });

  it('names files of this checkout', () => {
    const paths = [...operations.matchAll(/`((?:k8s|tools|docs)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(3);
    for (const path of paths) expect(() => readFileSync(join(ROOT, path))).not.toThrow('ENOENT');
  });
});
