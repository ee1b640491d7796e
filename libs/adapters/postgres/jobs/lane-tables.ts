import pg from 'pg';
import { createPostgresBackend, runMigrations } from 'bullmq';

const schema = 'memorystack_lanes';
/** What one process of ours has use for: it puts lanes, and takes them. */
const connections = 3;

/**
 * BullMQ's own tables, in a schema of their own that the owner of ours makes: it needs no right that our migrations do
 * not need. The application may use them; they hold names of lanes and nothing of a caller.
 */
export async function prepareLaneTables(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: '-c role=memorystack_owner' });
  await client.connect();
  try {
    await runMigrations(client as never, schema);
    await client.query(`
      GRANT USAGE ON SCHEMA ${schema} TO memorystack_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO memorystack_app;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO memorystack_app;`);
  } finally {
    await client.end();
  }
}

/** How BullMQ reaches them. */
export function laneTables(url: string) {
  const options = '-c role=memorystack_app';
  const connection = {
    connectionString: url,
    options,
    schema,
    max: connections,
    application_name: 'memorystack lanes',
  };
  return { options: { connection }, factory: createPostgresBackend as never };
}
