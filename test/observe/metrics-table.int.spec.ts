import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { register } from '#libs/service-kit/metrics.js';

/** Words of the code or patterns of routes; another label needs a thought about how many values it takes. */
const fewValued = ['method', 'route', 'status', 'type', 'outcome', 'mode', 'purpose', 'kind', 'reason'];
const units: Record<string, RegExp> = {
  histogram: /_seconds$/,
  counter: /_total$/,
  gauge: /_(?:commits|streams|documents)$/,
};

interface Row {
  name: string;
  type: string;
  labels: string[];
  meaning: string;
}

const documented = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `memorystack_'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
const rows = documented.map(([name, type, labels, meaning]): Row => {
  return {
    name: name!.replaceAll('`', ''),
    type: type!,
    labels: labels!.split(', ').filter(Boolean),
    meaning: meaning!,
  };
});
/** The names of labels stand in every metric, and not in its type. */
const metrics = register.getMetricsAsArray().map((metric): Row => {
  const { labelNames } = metric as unknown as { labelNames: string[] };
  return { name: metric.name, type: String(metric.type), labels: labelNames, meaning: metric.help };
});

describe('docs/metrics.md', () => {
  it('has every metric as it is, in the same order', () => {
    expect(metrics.length).toBeGreaterThan(10);
    expect(rows).toEqual(metrics);
  });

  it('says of each what to be alarmed by', () => {
    expect(documented.filter((cells) => !cells[4])).toEqual([]);
  });
});

describe('the metrics', () => {
  it('are named after the product, in base units', () => {
    const misnamed = metrics.filter(({ name, type }) => !name.startsWith('memorystack_') || !units[type]?.test(name));
    expect(misnamed).toEqual([]);
  });

  it('have labels of few values only', () => {
    expect(metrics.flatMap(({ labels }) => labels).filter((label) => !fewValued.includes(label))).toEqual([]);
  });
});
