import { randomUUID } from 'node:crypto';
import { limits } from '#libs/domain/limits.js';
import {
  JobFailed,
  type JobHandler,
  type JobKind,
  JobLost,
  type JobProgress,
  type JobSlice,
  type JobStatus,
} from '#libs/ports/job-queue.js';
import type { Database, TenantConnection } from '../database.js';
import type { Asker, JobRow, JobSeals } from './job-rows.js';
import * as statements from './job-statements.js';

/** How soon a slice hears that its job is cancelled, or lost. */
const lookEveryMs = 500;
const longestDelaySeconds = 60;

/**
 * One slice of the oldest job of a lane. The row names the slice that has the job (its lease): every write of this one
 * compares it, so that whoever lost the job changes nothing any more.
 */
export class JobTurn {
  private readonly lease = randomUUID();

  constructor(
    private readonly db: Database,
    private readonly seals: JobSeals,
    private readonly tenantId: string,
    private readonly stopping: AbortSignal,
    private readonly failed: (error: Error) => void,
  ) {}

  async run(kind: JobKind, handler: JobHandler): Promise<void> {
    const { rows } = await this.inTenant((connection) =>
      connection.query<JobRow>(statements.takeJob, [this.tenantId, kind, this.lease]),
    );
    const [row] = rows;
    if (row === undefined) return;
    if (row.cancel_requested) return this.finish(row, 'cancelled');
    if (row.attempts > limits.jobAttempts) {
      return this.finish(row, 'failed', `Given up after ${limits.jobAttempts} attempts that were ended in the middle.`);
    }
    const ending = new AbortController();
    const looking = setInterval(() => void this.look(row, ending), lookEveryMs);
    const signal = AbortSignal.any([this.stopping, ending.signal]);
    try {
      const left = await handler(this.slice(row, signal));
      if (left === 'done') await this.finish(row, 'completed');
      else await this.end(row, 0, true);
    } catch (error) {
      await this.failedSlice(row, error as Error);
    } finally {
      clearInterval(looking);
    }
  }

  private slice(row: JobRow, signal: AbortSignal): JobSlice {
    const { tenantId, seals } = this;
    const { job_id: id } = row;
    const { caller, correlationId } = seals.open<Asker>(tenantId, id, 'asker', row.asker)!;
    return {
      job: seals.state(tenantId, row),
      ...{ caller, correlationId, signal },
      input: seals.open(tenantId, id, 'input', row.input),
      checkpoint: seals.open(tenantId, id, 'checkpoint', row.checkpoint),
      save: (progress) => this.save(row, progress),
      succeeded: async (from, to) => {
        const values = [tenantId, id, from, to];
        const query = { text: statements.succeededItems, values };
        const items = await this.db.readAsTenant<{ item: number }>(tenantId, query);
        return new Set(items.map(({ item }) => item));
      },
    };
  }

  private async save(row: JobRow, { results = [], total, checkpoint, summary }: JobProgress): Promise<void> {
    const { tenantId, lease } = this;
    const { job_id: id } = row;
    const sealed = (place: string, value: unknown): Buffer | null =>
      value === undefined ? null : this.seals.seal(tenantId, id, place, value);
    const latest = [...new Map(results.map((result) => [result.index, result])).values()];
    const items = latest.map(({ index }) => index);
    const bodies = latest.map(({ index, body }) => this.seals.seal(tenantId, id, `result ${index}`, body));
    await this.inTenant(async (connection) => {
      const { rows: held } = await connection.query(`${statements.heldJob} FOR UPDATE`, [tenantId, id, lease]);
      if (held.length === 0) throw new JobLost(id);
      const counted = await connection.query<Counted>(statements.countOfItems, [tenantId, id, items]);
      const okays = latest.map(({ ok }) => ok);
      await connection.query(statements.writeResults, [tenantId, id, items, okays, bodies]);
      const succeeded = okays.filter((ok) => ok).length;
      await connection.query(statements.writeProgress, [
        ...[tenantId, id, lease],
        succeeded - counted.rows[0]!.succeeded,
        latest.length - succeeded - counted.rows[0]!.failed,
        ...[total ?? null, sealed('checkpoint', checkpoint), sealed('summary', summary)],
      ]);
    });
  }

  private async failedSlice(row: JobRow, error: Error): Promise<void> {
    if (error instanceof JobLost) return;
    if (error instanceof JobFailed) return this.finish(row, 'failed', error.message);
    this.failed(new Error(`A slice of a job (${row.kind}) failed: ${error.message}`, { cause: error }));
    if (row.attempts >= limits.jobAttempts) {
      return this.finish(row, 'failed', `Given up after ${limits.jobAttempts} failures in a row.`);
    }
    await this.end(row, Math.min(longestDelaySeconds, 2 ** (row.attempts - 1)), false);
  }

  private async finish(row: JobRow, status: JobStatus, error: string | null = null): Promise<void> {
    const { tenantId, lease } = this;
    const sealed = error === null ? null : this.seals.seal(tenantId, row.job_id, 'error', error);
    const values = [tenantId, row.job_id, lease, status, sealed];
    await this.inTenant((connection) => connection.query(statements.finishJob, values));
  }

  private async end(row: JobRow, delaySeconds: number, endedWell: boolean): Promise<void> {
    const values = [this.tenantId, row.job_id, this.lease, delaySeconds, endedWell];
    await this.inTenant((connection) => connection.query(statements.endSlice, values));
  }

  private async look(row: JobRow, ending: AbortController): Promise<void> {
    const query = { text: statements.heldJob, values: [this.tenantId, row.job_id, this.lease] };
    const rows = await this.db
      .readAsTenant<{ cancel_requested: boolean }>(this.tenantId, query)
      // The database is away: the slice will notice by itself.
      .catch(() => [{ cancel_requested: false }]);
    if (rows[0]?.cancel_requested !== false) ending.abort();
  }

  private inTenant<T>(work: (connection: TenantConnection) => Promise<T>): Promise<T> {
    return this.db.asTenant(this.tenantId, work);
  }
}

interface Counted {
  succeeded: number;
  failed: number;
}
