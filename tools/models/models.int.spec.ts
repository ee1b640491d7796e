import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('main.mjs', import.meta.url));
const weights = randomBytes(3_000_000);
const files: Record<string, Buffer> = { 'config.json': Buffer.from('{}'), 'onnx/model.onnx': weights };
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const hashes = Object.entries(files).flatMap(([path, bytes]) => ['--sha256', `${path}=${hashOf(bytes)}`]);

/** What the hub does with a file, if not to send it. */
type Trouble = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
let trouble: Trouble = () => false;
const asked: { path: string; range: string | undefined; host: string | undefined }[] = [];
const hub = createServer((request, response) => {
  const path = request.url!.replace('/hub/small/model/resolve/main/', '');
  const { range, host } = request.headers;
  asked.push({ path, range, host });
  if (trouble(path, request, response)) return;
  const bytes = files[path];
  if (bytes === undefined) return void response.writeHead(404).end();
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const rest = bytes.subarray(from);
  const part = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...part }).end(rest);
});

let work: string;
beforeAll(async () => {
  hub.listen(0, '127.0.0.1');
  await once(hub, 'listening');
});
afterAll(() => void hub.close());
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'memorystack-models-'));
  trouble = () => false;
  asked.splice(0);
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

const hubUrl = () => `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub`;

async function models(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [program, ...words], { cwd: work, env: { PATH: process.env.PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const pull = (env: NodeJS.ProcessEnv = {}) => models(['pull', 'small/model', '--from', hubUrl(), ...hashes], env);
const folder = () => join(work, 'data', 'models', 'model');

describe('npm run models', () => {
  it('says what it can, and lists what it knows', async () => {
    expect((await models(['--help'])).output).toContain('npm run models -- pull <name>');
    const { code, output } = await models(['list']);
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining('all-MiniLM-L6-v2  91 MB') as unknown,
    });
  });

  it('fetches a folder and tells how to use it', async () => {
    const { code, output } = await pull();
    expect(output).toContain(`MEMORYSTACK_EMBEDDER_FOLDER=${folder()}`);
    expect(output).toContain('onnx/model.onnx: 50 %');
    expect(code).toBe(0);
    for (const [path, bytes] of Object.entries(files))
      expect(readFileSync(join(folder(), path)).equals(bytes)).toBe(true);
    expect(readdirSync(join(work, 'data', 'models'))).toEqual(['model']);
  });

  it('fetches nothing where all is there, and finds what was changed', async () => {
    await pull();
    asked.splice(0);
    expect((await pull()).code).toBe(0);
    expect(asked).toEqual([]);
    writeFileSync(join(folder(), 'config.json'), 'changed');
    const { code, output } = await models(['verify', folder(), ...hashes]);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining('config.json has another checksum') as unknown,
    });
  });

  it('goes on where the connection broke', async () => {
    trouble = (path, { headers }, response) => {
      if (path !== 'onnx/model.onnx' || headers.range !== undefined) return false;
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, 1_000_000), () => response.socket!.end());
      return true;
    };
    expect((await pull()).code).toBe(0);
    const ranges = asked.filter(({ path }) => path === 'onnx/model.onnx').map(({ range }) => range);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
    expect(readFileSync(join(folder(), 'onnx/model.onnx')).equals(weights)).toBe(true);
  });

  it('keeps what it has when the hub goes away, and begins anew where the hub cannot go on', async () => {
    let isAway = false;
    trouble = (path, _, response) => {
      if (path !== 'onnx/model.onnx') return false;
      if (isAway) return (response.destroy(), true);
      isAway = true;
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, 1_000_000), () => response.socket!.end());
      return true;
    };
    const broken = await pull();
    expect(broken).toEqual({ code: 1, output: expect.stringContaining('run the same command to go on') as unknown });
    expect(existsSync(folder())).toBe(false);
    trouble = (path, { headers }, response) => {
      if (path !== 'onnx/model.onnx') return false;
      expect(headers.range).toBeDefined();
      response.writeHead(200, { 'content-length': weights.length }).end(weights);
      return true;
    };
    asked.splice(0);
    expect((await pull()).code).toBe(0);
    expect(asked.map(({ path }) => path)).toEqual(['onnx/model.onnx']);
    expect(readFileSync(join(folder(), 'onnx/model.onnx')).equals(weights)).toBe(true);
  });

  it('throws a file with another checksum away', async () => {
    trouble = (path, _, response) => {
      if (path === 'onnx/model.onnx') response.writeHead(200).end(randomBytes(weights.length));
      return path === 'onnx/model.onnx';
    };
    const { code, output } = await pull();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('was thrown away') as unknown });
    expect(existsSync(folder())).toBe(false);
    expect(readdirSync(`${folder()}.unfinished/onnx`)).toEqual([]);
  });

  it.each([
    [['pull', 'small/other', '--sha256', `config.json=${hashOf(files['config.json']!)}`, '--from'], 'answered 404'],
    [['pull', '../small', '--from'], 'Say which model'],
    [['pull', 'small/model', '--from'], 'checksums of small/model (main) are not known'],
    [['pull', 'small/model', '--sha256', '../x=12', '--from'], '--sha256 takes'],
  ])('refuses %j in a sentence', async (words, sentence) => {
    const { code, output } = await models([...words, hubUrl()]);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(sentence) as unknown });
  });

  it('has no hub of its own', async () => {
    expect((await models(['pull', 'small/model', ...hashes])).output).toContain('MEMORYSTACK_MODEL_HUB');
    const env = { MEMORYSTACK_MODEL_HUB: `${hubUrl()}/` };
    expect((await models(['pull', 'small/model', ...hashes], env)).code).toBe(0);
  });

  it('goes through the proxy that the environment names', async () => {
    const through: string[] = [];
    const proxy = createServer().on('connect', (request: IncomingMessage, socket) => {
      through.push(request.url!);
      const { port } = hub.address() as AddressInfo;
      const onwards = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onwards.pipe(socket).pipe(onwards);
      });
      for (const end of [onwards, socket]) end.on('error', () => onwards.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const words = ['pull', 'small/model', '--from', 'http://hub.example/hub', ...hashes];
    const { code, output } = await models(words, { HTTP_PROXY: `http://127.0.0.1:${port}` });
    proxy.closeAllConnections();
    proxy.close();
    expect(output).toContain('as it has to be');
    expect(code).toBe(0);
    expect(through[0]).toBe('hub.example:80');
  });
});
