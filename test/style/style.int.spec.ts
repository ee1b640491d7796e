import { describe, expect, it } from '@jest/globals';
import { posix } from 'node:path';
import { projectFiles, reachableSources } from './project-files.js';

const FILE_LINES = 400;
const VAGUE_NAMES = ['utils', 'util', 'common', 'shared', 'helpers', 'helper', 'core', 'base', 'misc'];
/** Joined here, so that this file does not contain what it looks for. */
const UNFINISHED = new RegExp(`\\b(?:${['FIX' + 'ME', 'TO' + 'DO', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
const MACHINE_PATHS = new RegExp(`(?<![\\w.:/-])/(?:${['work', 'tmp', 'home', 'root', 'Users', 'opt'].join('|')})/\\w`);
const REGISTRY_HOSTS = new RegExp(
  ['regis' + "try\\.(?!js')\\w", 'artifac' + 'tory', 'nex' + 'us\\.', 'npm' + 'js\\.org', 'py' + 'pi\\.org'].join('|'),
  'i',
);
const OUTSIDE_TOOLS = new RegExp(
  ['claude[ -]code', 'chat' + 'gpt', 'co' + 'pilot', '\\bcodex\\b', '\\baider\\b', 'co-auth' + 'ored-by'].join('|'),
  'i',
);

/**
 * Ports whose promises have no contract suite, and the test that stands in for it. A port belongs here only while one
 * adapter implements it.
 */
const PORTS_WITHOUT_CONTRACT: Record<string, { reason: string; test: string }> = {};

const files = projectFiles();
const sources = files.filter(({ path }) => /\.(?:ts|mjs|py)$/.test(path));
const isTest = (path: string) => /\.spec\.ts$|\.contract\.ts$/.test(path);

const linesWith = (pattern: RegExp, searched = files) =>
  searched.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, place }) => `${place} ${line.trim().slice(0, 100)}`),
  );

describe('style', () => {
  it('sees the project', () => {
    expect(sources.map(({ path }) => path)).toEqual(expect.arrayContaining(['test/style/style.int.spec.ts']));
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['package.json', 'tools/help.txt', '.ci/run']),
    );
  });

  it('leaves nothing unfinished behind', () => {
    expect(linesWith(UNFINISHED)).toEqual([]);
  });

  it(`keeps files within ${FILE_LINES} lines`, () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
    expect(long.filter(({ lines }) => lines > FILE_LINES)).toEqual([]);
  });

  it('gives no folder or file a name that says nothing', () => {
    const isVague = (path: string) => path.split('/').some((part) => VAGUE_NAMES.includes(part.replace(/\.\w+$/, '')));
    // A base and its overlays are the words of kustomize.
    const ownNames = files.map(({ path }) => path.replace(/^k8s\/base\//, 'k8s/'));
    expect(ownNames.filter(isVague)).toEqual([]);
  });

  it('has no barrels', () => {
    expect(files.map(({ path }) => path).filter((path) => /^index\.\w+$/.test(posix.basename(path)))).toEqual([]);
  });

  it('names no path of a machine and no package registry', () => {
    expect(linesWith(MACHINE_PATHS)).toEqual([]);
    expect(linesWith(REGISTRY_HOSTS)).toEqual([]);
  });

  it('speaks of no tool outside the project', () => {
    expect(linesWith(OUTSIDE_TOOLS)).toEqual([]);
  });

  it('has no source that nothing uses', () => {
    const typescript = sources.filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
    const isEntry = (path: string) =>
      /^apps\/[\w-]+\/(?:main|prepare)\.ts$/.test(path) ||
      path.endsWith('.spec.ts') ||
      /^(?:bench|tools)\/.*\.mjs$/.test(path);
    // `npm run <name>` runs apps/standalone/<name>.ts; see tools/command.mjs.
    const scripts = files.find(({ path }) => path === 'package.json')!.text.matchAll(/command\.mjs ([\w-]+)/g);
    const commands = [...scripts].map(([, name]) => `apps/standalone/${name}.ts`);
    const entries = sources.map(({ path }) => path).filter(isEntry);
    const reached = reachableSources(files, [...entries, ...commands]);
    expect(typescript.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });

  it('has a contract suite for every port', () => {
    const contracts = files.filter(({ path }) => path.endsWith('.contract.ts'));
    const ports = files
      .filter(({ path }) => /^libs\/ports\/[\w-]+\.ts$/.test(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/export abstract class (\w+)/g)].map(([, name]) => ({ path, name: name! })),
      );
    const uses = (text: string, name: string) => new RegExp(`\\b${name}\\b`).test(text);
    const bare = ports.filter(({ name }) => !contracts.some(({ text }) => uses(text, name)));
    const excused = bare.filter(({ name }) => {
      const excuse = PORTS_WITHOUT_CONTRACT[name];
      const test = files.find(({ path }) => path === excuse?.test);
      return test !== undefined && isTest(test.path);
    });
    for (const { name } of excused)
      console.info(`${name} has no contract suite: ${PORTS_WITHOUT_CONTRACT[name]!.reason}`);
    expect(bare.filter((port) => !excused.includes(port))).toEqual([]);
    expect(Object.keys(PORTS_WITHOUT_CONTRACT).filter((name) => !bare.some((port) => port.name === name))).toEqual([]);
  });

  it('locks the packages of every system, or npm ci would refuse (node tools/complete-lockfile.mjs)', () => {
    type Locked = Record<string, { optionalDependencies?: Record<string, string> }>;
    const lockfile = files.find(({ path }) => path === 'package-lock.json')!;
    const { packages } = JSON.parse(lockfile.text) as { packages: Locked };
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });
});
