import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { parseAllDocuments, stringify } from 'yaml';
import { deployTools } from '../../tools/deploy-tools.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const installLimitMs = 300_000;
const notOurs = ['ScaledObject', 'ServiceMonitor', 'PrometheusRule'];

/** An object as kustomize prints it. Its schema was checked by others, so tests may reach into it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Resource = { kind: string; metadata: { name: string; labels?: Labels }; [field: string]: any };
export type Labels = Record<string, string>;

/** What a program said, and whether it was content. */
export interface Verdict {
  ok: boolean;
  output: string;
}

/** kubectl and the validators; `npm test` installs them before, else the first use does. */
export class DeployTools {
  private constructor(private readonly paths: Awaited<ReturnType<typeof deployTools>>) {}

  static async open(): Promise<DeployTools> {
    return new DeployTools(await deployTools(() => undefined));
  }

  /** Renders an overlay, or the base with components, as a cluster would get it. */
  render(parts: { overlay: string } | { components: string[] }): Resource[] {
    if ('overlay' in parts) return this.kustomize(join(ROOT, 'k8s/overlays', parts.overlay));
    return inTemporaryFolder((folder) => {
      const place = (path: string) => relative(folder, realpathSync(join(ROOT, 'k8s', path)));
      const components = parts.components.map((name) => place(`components/${name}`));
      writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: [place('base')], components }));
      return this.kustomize(folder);
    });
  }

  /** Checks what Kubernetes itself defines against its own schema; a field that it does not know is an error. */
  validate(resources: Resource[]): Verdict {
    return this.checkFile('resources.yaml', asStream(resources.filter(({ kind }) => !notOurs.includes(kind))), [
      ...['-m', 'kubernetes_validate', '--strict', '--quiet'],
    ]);
  }

  /** @param schema a file below test/deploy/schemas, or the name of one that the validator brings */
  validateAgainst(schema: { file: string } | { builtin: string }, document: unknown): Verdict {
    const named =
      'file' in schema
        ? ['--schemafile', join(ROOT, 'test/deploy/schemas', schema.file)]
        : ['--builtin-schema', schema.builtin];
    return this.checkFile('document.json', JSON.stringify(document), ['-m', 'check_jsonschema', ...named]);
  }

  parsePromQl(expression: string): Verdict {
    const program = 'import promql_parser, sys; promql_parser.parse(sys.argv[1])';
    return runProgram(this.paths.python, ['-c', program, expression]);
  }

  lintDockerfile(text: string): Verdict {
    return inTemporaryFolder((folder) => {
      writeFileSync(join(folder, 'Dockerfile'), text);
      return runProgram(this.paths.hadolint, [join(folder, 'Dockerfile')]);
    });
  }

  private checkFile(name: string, text: string, args: string[]): Verdict {
    return inTemporaryFolder((folder) => {
      writeFileSync(join(folder, name), text);
      return runProgram(this.paths.python, [...args, join(folder, name)]);
    });
  }

  private kustomize(folder: string): Resource[] {
    const { ok, output } = runProgram(this.paths.kubectl, ['kustomize', folder]);
    if (!ok) throw new Error(output);
    return parseAllDocuments(output).map((document) => document.toJS() as Resource);
  }
}

// As JSON, because the validator reads YAML 1.1, where a plain `yes` is no text.
const asStream = (resources: Resource[]) => resources.map((resource) => JSON.stringify(resource)).join('\n---\n');

function runProgram(program: string, args: string[]): Verdict {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error) throw error;
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

function inTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memorystack-deploy-')));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every pod that something makes, with the name of what makes it. */
export const workloadsOf = (resources: Resource[]): Resource[] =>
  resources.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));

/** A selector as Kubernetes reads it; an empty one selects everything. */
export function selects(selector: Resource['spec'], labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
  const expressions = (selector.matchExpressions ?? []) as { key: string; operator: string; values: string[] }[];
  return equal && expressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key]!));
}
