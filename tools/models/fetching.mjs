// Fetches files over HTTP and trusts nothing but their checksums.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PreparationError } from '../preparation.mjs';

/** Tries without a single new byte, before it is left to the caller. */
const TRIES = 3;
const STEPS = 10;

export async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Fills `folder` with the files, each checked; it is there only when all of them are.
 * @param {{ path: string, sha256: string, bytes?: number }[]} files
 * @param {(path: string) => string} addressOf
 * @param {(line: string) => void} tell
 */
export async function fetchFolder(folder, files, addressOf, tell) {
  const unfinished = `${folder}.unfinished`;
  const ask = await asker();
  for (const file of files) {
    const target = join(unfinished, file.path);
    if (existsSync(target) && (await sha256Of(target)) === file.sha256) continue;
    await mkdir(dirname(target), { recursive: true });
    await fetchFile(target, file, addressOf(file.path), { ask, tell });
  }
  await rename(unfinished, folder);
}

async function fetchFile(target, file, address, { ask, tell }) {
  const part = `${target}.part`;
  for (let tries = 0; ; tries += 1) {
    const before = sizeOf(part);
    try {
      await fetchRest(part, file, address, { ask, tell });
      break;
    } catch (err) {
      if (err instanceof PreparationError) throw err;
      if (sizeOf(part) > before) tries = 0;
      if (tries + 1 < TRIES) continue;
      throw new PreparationError(
        `${file.path} cannot be fetched from ${withoutSecrets(address)}: ${err.cause?.message ?? err.message}\n` +
          'What is there so far is kept: run the same command to go on.',
      );
    }
  }
  const found = await sha256Of(part);
  if (found !== file.sha256) {
    await rm(part);
    throw new PreparationError(
      `${file.path} has the checksum ${found}, and not ${file.sha256}: it is not the file that is meant, and was thrown away.`,
    );
  }
  await rename(part, target);
  tell(`${file.path}: ${found.slice(0, 12)}, as it has to be`);
}

async function fetchRest(part, file, address, { ask, tell }) {
  const have = sizeOf(part);
  if (have > 0 && have === file.bytes) return;
  const headers = { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) };
  const response = await ask(address, { headers });
  const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`);
  if (response.status === 206 && !goesOn) throw new Error('the server sent another part than the one asked for');
  if (response.status === 416) {
    await rm(part, { force: true });
    throw new Error('the server does not go on where it stopped');
  }
  if (!response.ok) await refuse(response, file, address);
  const from = goesOn ? have : 0;
  const most = file.bytes ?? from + Number(response.headers.get('content-length') ?? Infinity);
  const counted = counting(from, most, (percent) => tell(`${file.path}: ${percent} %`));
  const body = Readable.fromWeb(response.body);
  await pipeline(body, counted, createWriteStream(part, { flags: goesOn ? 'a' : 'w' }));
  if (sizeOf(part) < most && most < Infinity) throw new Error('the connection ended too early');
}

/** Passing failures are tried again; others are for a person. */
async function refuse({ status, body }, { path }, address) {
  await body?.cancel();
  if (status >= 500 || status === 429) throw new Error(`the server answered ${status}`);
  throw new PreparationError(
    `${withoutSecrets(address)} answered ${status}: is the address of the hub right, and does it have ${path}?`,
  );
}

/** Tells how far it is, and ends what is longer than the file can be. */
function counting(from, most, tell) {
  let bytes = from;
  let told = 0;
  return async function* counted(chunks) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > most) throw new PreparationError('The server sends more than the file has: it is another file.');
      const step = most < Infinity ? Math.floor((STEPS * bytes) / most) : 0;
      if (step > told && most > 1_000_000) tell((told = step) * (100 / STEPS));
      yield chunk;
    }
  };
}

/** Through the proxy that the environment names, which Node by itself does not look at. */
async function asker() {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
  if (!names.some((name) => process.env[name])) return fetch;
  const { EnvHttpProxyAgent, fetch: fetchBy } = await import('undici').catch(() => {
    throw new PreparationError('A proxy needs the packages: run `npm install` first.');
  });
  const dispatcher = new EnvHttpProxyAgent();
  return (address, options) => fetchBy(address, { ...options, dispatcher });
}

const sizeOf = (path) => (existsSync(path) ? statSync(path).size : 0);

function withoutSecrets(address) {
  const url = new URL(address);
  url.username = url.password = url.search = '';
  return url.href;
}
