import pg from 'pg';
import { Leadership } from '#libs/ports/leadership.js';
import type { Database } from './database.js';

/** Who leads holds an advisory lock: PostgreSQL lets go of it with the connection, so one that dies is replaced. */
export class PostgresLeadership extends Leadership {
  private holding: { client: pg.Client; names: Set<string> } | null = null;

  constructor(private readonly db: Database) {
    super();
  }

  override async leads(name: string): Promise<boolean> {
    this.holding ??= await this.connect();
    const { client, names } = this.holding;
    if (names.has(name)) {
      // Also tells whether the connection, and with it the lock, is still there.
      await client.query('SELECT 1');
      return true;
    }
    const { rows } = await client.query<{ leads: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('leads ' || $1, 0)) AS leads`,
      [name],
    );
    if (rows[0]!.leads) names.add(name);
    return rows[0]!.leads;
  }

  async close(): Promise<void> {
    await this.holding?.client.end();
    this.holding = null;
  }

  private async connect(): Promise<{ client: pg.Client; names: Set<string> }> {
    const client = new pg.Client({ connectionString: this.db.url, application_name: 'memorystack leadership' });
    const lost = (): void => {
      if (this.holding?.client === client) this.holding = null;
    };
    client.on('error', lost);
    client.once('end', lost);
    await client.connect();
    return { client, names: new Set() };
  }
}
