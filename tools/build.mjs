// Compiles the TypeScript of apps, libs, prisma, test and bench into the same tree below dist, and copies the data
// files that code reads (SQL, JSON, ...). Every output carries its source's modification time, so a file is rebuilt
// exactly when the two differ: also after a checkout that goes back in time. Types are tsc's business, not ours.
// Outputs are renamed into place, so that a process which reads dist during a build never sees half a file.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TREES = ['apps', 'libs', 'prisma', 'test', 'bench'];
const DATA_EXTENSIONS = new Set([
  '.json',
  '.jsonl',
  '.sql',
  '.proto',
  '.wasm',
  '.bin',
  '.txt',
  '.html',
  '.css',
  '.svg',
]);
const STAMP = join('dist', '.compiler');

/** Every file below a folder (paths relative to the checkout), or none if the folder does not exist. */
async function filesBelow(folder) {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch((err) => {
    if (err.code === 'ENOENT') return [];
    throw err;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
}

const isCompiled = (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.endsWith('.spec.ts');
const isData = (path) => DATA_EXTENSIONS.has(extname(path));
const outputOf = (path) => join('dist', isCompiled(path) ? path.replace(/\.ts$/, '.js') : path);

/** Milliseconds, rounded because some file systems keep less precision than others; -1 for a missing file. */
const modifiedMs = (path) =>
  stat(join(ROOT, path)).then(
    (found) => Math.round(found.mtimeMs),
    () => -1,
  );

/** A compiler with other settings or another version makes every output stale. */
async function compilerStamp() {
  const settings = await readFile(join(ROOT, '.swcrc'));
  const compiler = await readFile(join(ROOT, 'node_modules', '@swc', 'core', 'package.json'));
  return createHash('sha256').update(settings).update(compiler).digest('hex');
}

async function place(output, sourceMs, write) {
  const path = join(ROOT, output);
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await write(temporary);
  await utimes(temporary, sourceMs / 1000, sourceMs / 1000);
  await rename(temporary, path);
}

async function compile(swc, source, sourceMs) {
  const { code, map } = await swc.transformFile(join(ROOT, source), { cwd: ROOT, root: ROOT, sourceFileName: source });
  const output = outputOf(source);
  if (map) await place(`${output}.map`, sourceMs, (path) => writeFile(path, map));
  const link = map ? `\n//# sourceMappingURL=${output.split(/[\\/]/).at(-1)}.map\n` : '';
  await place(output, sourceMs, (path) => writeFile(path, code + link));
}

async function orphansOf(sources) {
  const wanted = new Set(sources.flatMap((source) => [outputOf(source), `${outputOf(source)}.map`]));
  const outputs = (await Promise.all(TREES.map((tree) => filesBelow(join('dist', tree))))).flat();
  // A .tmp file belongs to a build that runs beside this one.
  return outputs.filter((output) => !wanted.has(output) && !output.endsWith('.tmp'));
}

/** What a build has to do. */
async function survey() {
  const sources = (await Promise.all(TREES.map(filesBelow))).flat().filter((path) => isCompiled(path) || isData(path));
  const stamp = await compilerStamp();
  const sameCompiler = (await readFile(join(ROOT, STAMP), 'utf8').catch(() => '')) === stamp;
  const times = await Promise.all(sources.map((source) => Promise.all([source, outputOf(source)].map(modifiedMs))));
  const stale = sources
    .map((source, index) => ({ source, sourceMs: times[index][0], outputMs: times[index][1] }))
    .filter(({ source, sourceMs, outputMs }) => sourceMs !== outputMs || (!sameCompiler && isCompiled(source)));
  return { stamp, sameCompiler, stale, orphans: await orphansOf(sources) };
}

/** Whether dist is what a build would make of it; told without the compiler, which takes time to load. */
export async function isBuilt() {
  const { sameCompiler, stale, orphans } = await survey();
  return sameCompiler && stale.length === 0 && orphans.length === 0;
}

/**
 * Brings dist up to date.
 * @returns {Promise<{written: number, removed: number, failures: string[]}>} failures hold one message per source
 * that does not parse; the other sources are built all the same.
 */
export async function build() {
  const { stamp, sameCompiler, stale, orphans } = await survey();
  const swc = stale.some(({ source }) => isCompiled(source)) ? await import('@swc/core') : null;
  const results = await Promise.allSettled(
    stale.map(({ source, sourceMs }) =>
      isCompiled(source)
        ? compile(swc, source, sourceMs)
        : place(outputOf(source), sourceMs, (path) => copyFile(join(ROOT, source), path)),
    ),
  );
  const failures = results.flatMap(({ reason }, index) =>
    reason ? [`${stale[index].source}: ${reason.message ?? reason}`] : [],
  );
  await Promise.all(orphans.map((output) => rm(join(ROOT, output), { force: true })));
  if (failures.length === 0 && !sameCompiler) await place(STAMP, Date.now(), (path) => writeFile(path, stamp));
  return { written: stale.length - failures.length, removed: orphans.length, failures };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const startedMs = performance.now();
  const { written, removed, failures } = await build();
  for (const failure of failures) console.error(failure);
  const spentMs = Math.round(performance.now() - startedMs);
  if (written + removed > 0) console.log(`Built ${written} files, removed ${removed}, in ${spentMs} ms`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
