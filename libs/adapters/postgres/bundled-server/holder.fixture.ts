// A server in miniature, for tests that kill one: opens the data folder, writes a row, says so, and waits for its end.
import pg from 'pg';
import { openBundledPostgres } from './bundled-postgres.js';

const postgres = await openBundledPostgres({ dataDir: process.argv[2]! });
const client = new pg.Client({ connectionString: postgres.url });
client.on('error', () => undefined); // the tests end PostgreSQL under our feet
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS acknowledged (row_text text)');
await client.query("INSERT INTO acknowledged VALUES ('written before the kill')");
process.stdout.write('acknowledged\n');
setInterval(() => undefined, 60_000);
