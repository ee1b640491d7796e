import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './project-files.js';

const RELEASED = 'libs/contracts/proto/released.binpb';
const MEMORIES = 'libs/contracts/proto/memorystack/v1/memories.proto';

type Planted = readonly [what: string, from: string | RegExp, to: string, told: string];

const BREAKING: readonly Planted[] = [
  ['a field with another number', 'int32 count = 1;', 'int32 count = 9;', 'was deleted'],
  ['a field with another name', 'optional string cursor = 10;', 'optional string page = 10;', 'changed name'],
  ['a field with another type', 'int64 event_offset = 10;', 'string event_offset = 10;', 'changed type'],
  ['a call that is gone', /.*rpc GetMemoryHistory.*\n/, '', 'was deleted'],
];

const BADLY_FORMED: readonly Planted[] = [
  ['a call without a comment', /.*GetMemory reads one memory.*\n/, '', 'comment'],
  ['a field in camel case', 'optional bool hard = 2;', 'optional bool hardDelete = 2;', 'lower_snake_case'],
];

describe('the description of the gRPC API', () => {
  let folder: string;
  const buf = (...words: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'node_modules/@bufbuild/buf/bin/buf'), ...words], {
      ...{ cwd: folder, encoding: 'utf8' as const },
    });
  const breaking = () => buf('breaking', '--against', RELEASED);
  const plant = (from: string | RegExp, to: string) => {
    const text = readFileSync(join(ROOT, MEMORIES), 'utf8');
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    writeFileSync(join(folder, MEMORIES), changed);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'memorystack-proto-'));
    mkdirSync(join(folder, 'libs/contracts'), { recursive: true });
    cpSync(join(ROOT, 'libs/contracts/proto'), join(folder, 'libs/contracts/proto'), { recursive: true });
    cpSync(join(ROOT, 'buf.yaml'), join(folder, 'buf.yaml'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(BREAKING)('refuses %s', (_what, from, to, told) => {
    plant(from, to);
    const { status, stdout } = breaking();
    expect([status, stdout]).toEqual([100, expect.stringContaining(told)]);
  });

  it.each(BADLY_FORMED)('refuses %s', (_what, from, to, told) => {
    plant(from, to);
    const { status, stdout } = buf('lint');
    expect([status, stdout]).toEqual([100, expect.stringContaining(told)]);
  });

  it('takes a new field', () => {
    plant('int32 count = 1;', '// How many there are.\n  optional int32 total = 19;\n  int32 count = 1;');
    expect([breaking().stdout, buf('lint').stdout]).toEqual(['', '']);
  });
});
