import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeployTools, installLimitMs, ROOT } from './rendered.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const text = read('Dockerfile');
/** Instructions with their continuation lines, without comments. */
const instructions = text
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const stages = instructions
  .join('\n')
  .split(/^(?=FROM )/m)
  .slice(1);
const { version, dependencies } = JSON.parse(read('package.json')) as {
  version: string;
  dependencies: Record<string, string>;
};

let tools: DeployTools;
beforeAll(async () => void (tools = await DeployTools.open()), installLimitMs);

describe('Dockerfile', () => {
  it('passes the rules of hadolint, which sees a planted mistake', () => {
    expect(tools.lintDockerfile(text)).toEqual({ ok: true, output: '' });
    expect(tools.lintDockerfile(`${text}\nRUN cd /app && sudo npm install left\n`)).toMatchObject({ ok: false });
    expect(tools.lintDockerfile(`${text}\nCOYP a b\n`)).toMatchObject({ ok: false });
  });

  it('pins the base image, and this version', () => {
    expect(text).toMatch(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-slim$/m);
    expect(text).toContain(`ARG VERSION=${version}\n`);
    expect(stages.map((stage) => stage.split('\n')[0])).toEqual([
      'FROM ${NODE_IMAGE} AS build',
      'FROM ${NODE_IMAGE} AS packages',
      'FROM ${NODE_IMAGE}',
    ]);
  });

  it('copies from the checkout what is there, and what .dockerignore lets through', () => {
    const sources = instructions
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const admitted = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(sources.length).toBeGreaterThan(6);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources.filter((path) => !admitted.includes(path.split('/')[0]!))).toEqual([]);
    expect(admitted.filter((path) => !sources.some((source) => source.split('/')[0] === path))).toEqual([]);
  });

  it('lets nothing into the build that is not named', () => {
    expect(read('.dockerignore')).toMatch(/^(?:#.*\n)*\*\n/);
    expect(instructions.filter((line) => /^(?:ADD|COPY) (?:--\S+ )*\.\/? /.test(line))).toEqual([]);
  });

  it('installs packages without their scripts', () => {
    const installs = instructions.flatMap((line) => line.match(/npm (?:ci|install|uninstall)[^&]*/g) ?? []);
    expect(installs).toHaveLength(3);
    expect(installs.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
  });

  it('keeps of the runtime of models what its own system needs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'memorystack-image-'));
    try {
      const systems = ['darwin/arm64', 'linux/arm64', 'linux/x64', 'win32/x64'].map((system) => `napi-v6/${system}`);
      const bin = join(folder, 'node_modules/onnxruntime-node/bin');
      for (const system of systems) {
        // What the image has to find is what the package has.
        expect(readdirSync(join(ROOT, 'node_modules/onnxruntime-node/bin', system))).not.toEqual([]);
        mkdirSync(join(bin, system), { recursive: true });
        writeFileSync(join(bin, system, 'binding.node'), '');
      }
      const command = instructions.find((line) => line.startsWith('RUN find '))!.slice('RUN '.length);
      execFileSync('sh', ['-c', command], { cwd: folder });
      const left = readdirSync(bin, { recursive: true }).filter((path) => String(path).endsWith('.node'));
      expect(left).toEqual([join('napi-v6', 'linux', process.arch, 'binding.node')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('runs as a user that is not root, and holds no build tools', () => {
    const last = stages.at(-1)!;
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(last.indexOf('USER ')).toBeGreaterThan(last.lastIndexOf('COPY '));
    const removed = /npm uninstall (?:--\S+ )*(.*)/.exec(text)![1]!.split(' ');
    expect(removed.filter((name) => !(name in dependencies))).toEqual([]);
  });
});
