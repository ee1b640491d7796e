// Makes the Prisma client from prisma/schema.prisma, when the schema or Prisma itself has changed since the last time.
// `generate` needs no engine, but Prisma insists on finding one and would download it: naming any program that answers
// (node itself) keeps it from the network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCHEMA = join(ROOT, 'prisma', 'schema.prisma');
const STAMP = join(ROOT, 'prisma', 'generated', '.schema');
const PRISMA = join(ROOT, 'node_modules', 'prisma');

const schemaStamp = () =>
  createHash('sha256')
    .update(readFileSync(SCHEMA))
    .update(readFileSync(join(PRISMA, 'package.json')))
    .digest('hex');

/** Whether the client fits the schema; true too when there is no schema. */
export const isGenerated = () =>
  !existsSync(SCHEMA) || (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === schemaStamp());

/** Returns true if it generated, false if there was nothing to do; throws with Prisma's output if it failed. */
export function generate() {
  if (isGenerated()) return false;
  const run = spawnSync(process.execPath, [join(PRISMA, 'build', 'index.js'), 'generate', '--schema', SCHEMA], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1', // no call home
    },
  });
  if (run.status !== 0) throw new Error(`prisma generate failed:\n${run.stdout}${run.stderr}`);
  writeFileSync(STAMP, schemaStamp());
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(generate() ? 'Generated the Prisma client' : 'The Prisma client is up to date');
  } catch (err) {
    console.error(err.message);
    process.exitCode = 1;
  }
}
