// Models for the embedder `onnx`: `npm run models -- --help`.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { explain, PreparationError } from '../preparation.mjs';
import { fetchFolder, sha256Of } from './fetching.mjs';

const say = (line) => console.log(line);
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const { models } = JSON.parse(read('models.json'));
const MEGABYTE = 1_000_000;
/** Neither leaves the folder, nor means anything to a server. */
const NAME = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

const options = {
  from: { type: 'string' },
  folder: { type: 'string' },
  revision: { type: 'string' },
  name: { type: 'string' },
  sha256: { type: 'string', multiple: true },
};

function list() {
  for (const { name, about, licence, revision, files } of models) {
    const megabytes = Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / MEGABYTE);
    say(`${name}  ${megabytes} MB, ${licence}, revision ${revision.slice(0, 12)}\n  ${about}`);
  }
}

async function pull(name, { from = process.env.MEMORYSTACK_MODEL_HUB, ...given }) {
  if (!NAME.test(name ?? '')) throw new PreparationError('Say which model: npm run models -- pull <name>');
  const known = models.find((model) => model.name === name);
  const revision = given.revision ?? known?.revision ?? 'main';
  const files = filesOf(given.revision === undefined || given.revision === known?.revision ? known : undefined, given);
  if (files.length === 0) {
    throw new PreparationError(
      `The checksums of ${name} (${revision}) are not known: say --sha256 <file>=<hash> for each file.`,
    );
  }
  const folder = resolve(given.folder ?? join('data', 'models', basename(name)));
  if (existsSync(folder)) return check(folder, files);
  if (!from || !/^https?:/.test(from) || !URL.canParse(from)) {
    throw new PreparationError(
      'No hub is built in: say --from <address>, or set MEMORYSTACK_MODEL_HUB, to an http(s) address that has ' +
        `<address>/${name}/resolve/${revision}/<file>.`,
    );
  }
  const base = from.replace(/\/+$/, '');
  await fetchFolder(folder, files, (path) => `${base}/${name}/resolve/${revision}/${path}`, say);
  say(`\nMEMORYSTACK_EMBEDDER=onnx MEMORYSTACK_EMBEDDER_FOLDER=${folder}`);
}

async function verify(given, { name, ...more }) {
  if (given === undefined) throw new PreparationError('Say which folder: npm run models -- verify <folder>');
  const folder = resolve(given);
  const known = models.find((model) => (name ? model.name === name : basename(model.name) === basename(folder)));
  const files = filesOf(known, more);
  if (files.length === 0)
    throw new PreparationError(`It is not known what ${folder} should hold: say --name or --sha256.`);
  await check(folder, files);
}

/** What is known, and what was said, which counts more. */
function filesOf(known, { sha256 = [] }) {
  const files = new Map((known?.files ?? []).map((file) => [file.path, file]));
  for (const word of sha256) {
    const [, path, hash] = /^(.+)=([\da-f]{64})$/i.exec(word) ?? [];
    if (!path || !NAME.test(path)) throw new PreparationError(`--sha256 takes <file>=<64 digits>, not ${word}`);
    files.set(path, { path, sha256: hash.toLowerCase() });
  }
  return [...files.values()];
}

async function check(folder, files) {
  const wrong = [];
  for (const { path, sha256 } of files) {
    const place = join(folder, path);
    if (!existsSync(place)) wrong.push(`${path} is missing`);
    else if ((await sha256Of(place)) !== sha256) wrong.push(`${path} has another checksum`);
  }
  if (wrong.length === 0) return say(`${folder} has all ${files.length} files, as they have to be`);
  throw new PreparationError(
    `${folder} is not what it should be:\n  ${wrong.join('\n  ')}\nRemove it and pull it again.`,
  );
}

const commands = { list, pull, verify };

try {
  const words = process.argv.slice(2);
  if (words.length === 0 || words.includes('--help') || words.includes('-h')) say(read('help.txt').trimEnd());
  else {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
    const [name, word] = positionals;
    if (!Object.hasOwn(commands, name))
      throw new PreparationError(`There is no "${name}"; see npm run models -- --help`);
    await commands[name](word, values);
  }
} catch (err) {
  const misused = err.code?.startsWith('ERR_PARSE_ARGS');
  if (misused) console.error(err.message);
  else explain(err);
  process.exitCode = misused ? 2 : 1;
}
