import { ReadDays } from '#libs/ports/read-days.js';
import type { Database } from './database.js';
import { uuidPattern } from './shown-rows.js';

const flushEveryMs = 5_000;
/** A tenant whose reads cannot be written for so long loses the oldest of them: they are hints, and memory is not endless. */
const mostPending = 100_000;

interface PendingRead {
  tenantId: string;
  memoryId: string;
  day: string;
  reads: number;
}

/** Notes in memory and writes to PostgreSQL every few seconds: a crash forgets that much, which only makes a memory look less read. */
export class PostgresReadDays extends ReadDays {
  private pending = new Map<string, PendingRead>();
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly failed: (error: Error) => void,
    private readonly now: () => Date = () => new Date(),
  ) {
    super();
    this.timer = setInterval(() => void this.flush().catch(this.failed), flushEveryMs);
    this.timer.unref();
  }

  override noteRead(tenantId: string, memoryIds: readonly string[]): void {
    const day = this.now().toISOString().slice(0, 10);
    for (const memoryId of memoryIds) this.add({ tenantId, memoryId, day, reads: 1 });
  }

  override async lastReadDays(tenantId: string, memoryIds: readonly string[]): Promise<Map<string, string>> {
    await this.flush();
    const rows = await this.db.readAsTenant<{ id: string; day: string }>(tenantId, {
      text: `SELECT memory_id AS id, to_char(last_read_day, 'YYYY-MM-DD') AS day FROM memory_reads
        WHERE tenant_id = $1 AND memory_id = ANY($2::uuid[])`,
      values: [tenantId, memoryIds.filter((id) => uuidPattern.test(id))],
    });
    return new Map(rows.map(({ id, day }) => [id, day]));
  }

  override flush(): Promise<void> {
    this.flushing = this.flushing.catch(() => undefined).then(() => this.write());
    return this.flushing;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async write(): Promise<void> {
    const pending = [...this.pending.values()];
    this.pending = new Map();
    const byTenant = new Map<string, PendingRead[]>();
    for (const read of pending) {
      const reads = byTenant.get(read.tenantId);
      if (reads) reads.push(read);
      else byTenant.set(read.tenantId, [read]);
    }
    for (const [tenantId, reads] of byTenant) {
      await this.writeTenant(tenantId, reads).catch((error: unknown) => {
        for (const read of reads) this.add(read);
        this.failed(error as Error);
      });
    }
  }

  /** A memory that is being erased is waited for, and then is not there: nothing of it can be written afterwards. */
  private async writeTenant(tenantId: string, reads: readonly PendingRead[]): Promise<void> {
    await this.db.asTenant(
      tenantId,
      (connection) =>
        connection.query(
          `WITH given AS (
             SELECT "memoryId" AS memory_id, max(day) AS day, sum(reads) AS reads
             FROM jsonb_to_recordset($2::jsonb) AS read ("memoryId" uuid, day date, reads bigint) GROUP BY 1
           ), known AS (
             SELECT memory_id FROM memories WHERE tenant_id = $1 AND memory_id IN (SELECT memory_id FROM given)
             ORDER BY memory_id FOR KEY SHARE
           )
           INSERT INTO memory_reads (tenant_id, memory_id, last_read_day, reads)
           SELECT $1, memory_id, day, reads FROM given JOIN known USING (memory_id) ORDER BY memory_id
           ON CONFLICT (tenant_id, memory_id) DO UPDATE
             SET last_read_day = greatest(memory_reads.last_read_day, excluded.last_read_day),
               reads = memory_reads.reads + excluded.reads`,
          [tenantId, JSON.stringify(reads)],
        ),
      'derived',
    );
  }

  private add(read: PendingRead): void {
    const key = `${read.tenantId} ${read.memoryId} ${read.day}`;
    const known = this.pending.get(key);
    if (known) known.reads += read.reads;
    else this.pending.set(key, { ...read });
    if (this.pending.size > mostPending) this.pending.delete(this.pending.keys().next().value!);
  }
}
