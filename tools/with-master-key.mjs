// Runs a program of the image with the master key from a file, where no secret store hands out the variable: docker
// compose on one machine. If MEMORYSTACK_MASTER_KEY is set, the file is neither read nor made.
//   node tools/with-master-key.mjs [--create] FOLDER PROGRAM
// With --create (only one program may use it: the preparation) a key is made for a database that is still empty. A
// database that was written with a key which is gone must not get a new one: nothing in it could be read.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { readOrCreateMasterKey } from '../dist/libs/service-kit/master-key.js';

async function isPrepared(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`);
    return rows[0].found;
  } finally {
    await client.end();
  }
}

async function run(mayCreate, folder, program) {
  if (!program) throw new Error('Usage: node tools/with-master-key.mjs [--create] FOLDER PROGRAM');
  if (!process.env.MEMORYSTACK_MASTER_KEY) {
    const databaseExists = !mayCreate || (await isPrepared(process.env.DATABASE_URL));
    const key = await readOrCreateMasterKey({ dataDir: resolve(folder), configured: null, databaseExists });
    process.env.MEMORYSTACK_MASTER_KEY = key.toString('base64');
  }
  process.argv = [process.execPath, resolve(program)];
  await import(pathToFileURL(resolve(program)).href);
}

const words = process.argv.slice(2);
const mayCreate = words[0] === '--create';
try {
  await run(mayCreate, ...(mayCreate ? words.slice(1) : words));
} catch (err) {
  console.error(err.message);
  process.exit(1);
}
