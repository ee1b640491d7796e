import { readdirSync, readFileSync } from 'node:fs';
import { extname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Made by tools, or data: nobody wrote them, and git ignores them. */
const NOT_WRITTEN = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.venv',
  '.venv-published',
  '.cache',
  '.git',
  '__pycache__',
  'generated',
]);
const PATHS_NOT_WRITTEN = new Set(['data', 'libs/adapters/static-embedder/data']);
const CACHE = /^\..*_cache$|\.egg-info$/;
const TEXT_EXTENSIONS = new Set(
  [
    '.ts',
    '.mts',
    '.mjs',
    '.js',
    '.py',
    '.sh',
    '.json',
    '.md',
    '.sql',
    '.toml',
    '.txt',
    '.yml',
    '.yaml',
    '.prisma',
  ].concat(''),
);

export interface ProjectFile {
  /** From the root of the checkout, with slashes. */
  path: string;
  text: string;
}

function* pathsBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(`${ROOT}${folder}`, { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (NOT_WRITTEN.has(entry.name) || CACHE.test(entry.name) || PATHS_NOT_WRITTEN.has(path)) continue;
    if (entry.isDirectory()) yield* pathsBelow(path);
    else if (entry.isFile() && TEXT_EXTENSIONS.has(extname(entry.name))) yield path;
  }
}

/** Every text file that somebody wrote. */
export function projectFiles(): ProjectFile[] {
  return [...pathsBelow('.')].map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));
}

/** What a source imports, and the files that a test starts: any quoted text may name one. */
const QUOTED = /'([^'\s]+)'/g;

/** Paths of the sources that can be reached from the entry points by imports. */
export function reachableSources(files: readonly ProjectFile[], entries: readonly string[]): Set<string> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = texts.get(path);
    if (text === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const [, quoted] of text.matchAll(QUOTED)) waiting.push(...candidates(path, quoted!));
  }
  return reached;
}

/** Where a specifier may point to: the source itself, the TypeScript behind a .js, the source behind the build. */
function candidates(from: string, specifier: string): string[] {
  const isAlias = specifier.startsWith('#');
  const joined = isAlias ? specifier.slice(1) : posix.join(posix.dirname(from), specifier);
  const source = joined.replace(/^(?:\.\.\/)*dist\//, '').replace(/\.js$/, '.ts');
  return [joined, source, posix.join(posix.dirname(from), posix.basename(source))];
}
