import { limits } from '#libs/domain/limits.js';
import {
  type JobHandler,
  type JobKind,
  JobQueue,
  type JobResult,
  type JobState,
  type NewJob,
  type SubmittedJob,
} from '#libs/ports/job-queue.js';
import type { Lanes } from '#libs/ports/lanes.js';
import type { Sealer } from '#libs/ports/sealer.js';
import type { Database, TenantConnection } from '../database.js';
import { type JobRow, JobSeals, type ResultRow } from './job-rows.js';
import { JobTurn } from './job-turn.js';
import * as statements from './job-statements.js';

/** How soon work goes on whose signal was lost, or that waits to be tried again. */
const sweepEveryMs = 1_000;

/** A lane is a tenant's jobs of one kind. */
const laneOf = (tenantId: string, kind: JobKind): string => `${tenantId}/${kind}`;

/**
 * Jobs as rows, which say all that is known of them. `Lanes` only wakes those who do them: a turn of a lane is one slice
 * of its oldest job. What `Lanes` forgets, a sweep over the rows tells it again.
 */
export class PostgresJobQueue extends JobQueue {
  private readonly handlers = new Map<JobKind, JobHandler>();
  private readonly seals: JobSeals;
  private readonly stopping = new AbortController();
  private sweeping: NodeJS.Timeout | null = null;
  private sweep: Promise<void> = Promise.resolve();

  /** @param failed told of slices and sweeps that fail and are tried again */
  constructor(
    private readonly db: Database,
    sealer: Sealer,
    private readonly lanes: Lanes,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    this.seals = new JobSeals(sealer);
  }

  override async submit(job: NewJob): Promise<SubmittedJob> {
    const submitted = await this.db.asTenant(job.tenantId, (connection) => this.insert(connection, job));
    // The rows tell it too: a signal that is late or lost costs a second.
    if (submitted.submission === 'new') void this.lanes.put(laneOf(job.tenantId, job.kind));
    return submitted;
  }

  override async job(tenantId: string, id: string): Promise<JobState | null> {
    const query = { text: statements.jobById, values: [tenantId, id] };
    const [row] = await this.db.readAsTenant<JobRow>(tenantId, query);
    return row === undefined ? null : this.seals.state(tenantId, row);
  }

  override async jobs(
    tenantId: string,
    {
      kinds,
      keyId,
      before,
      limit,
    }: { kinds?: readonly JobKind[]; keyId?: string; before: string | null; limit: number },
  ): Promise<JobState[]> {
    const query = { text: statements.newestJobs, values: [tenantId, kinds ?? null, keyId ?? null, before, limit] };
    const rows = await this.db.readAsTenant<JobRow>(tenantId, query);
    return rows.map((row) => this.seals.state(tenantId, row));
  }

  override async results(
    tenantId: string,
    id: string,
    { after, limit, failedOnly = false }: { after: number; limit: number; failedOnly?: boolean },
  ): Promise<JobResult[]> {
    const query = { text: statements.resultsAfter, values: [tenantId, id, after, limit, failedOnly] };
    const rows = await this.db.readAsTenant<ResultRow>(tenantId, query);
    return rows.map((row) => this.seals.result(tenantId, id, row));
  }

  override async cancel(tenantId: string, id: string): Promise<JobState | null> {
    await this.db.asTenant(tenantId, (connection) => connection.query(statements.cancelJob, [tenantId, id]));
    return this.job(tenantId, id);
  }

  override async retry(tenantId: string, id: string): Promise<JobState | null> {
    const isRetried = await this.db.asTenant(tenantId, async (connection) => {
      const { rowCount } = await connection.query(statements.retryJob, [tenantId, id]);
      if (rowCount === 0) return false;
      await connection.query(statements.forgetFailures, [tenantId, id]);
      return true;
    });
    const job = await this.job(tenantId, id);
    if (job !== null && isRetried) void this.lanes.put(laneOf(tenantId, job.kind));
    return job;
  }

  override handle(kind: JobKind, handler: JobHandler): void {
    this.handlers.set(kind, handler);
    if (this.sweeping !== null) return;
    this.lanes.work(
      (lane) => this.turn(lane),
      (lane) => this.hasMore(lane),
    );
    this.sweeping = setInterval(() => {
      this.sweep = this.sweep.then(() => this.wakeLanes()).catch(this.failed);
    }, sweepEveryMs);
  }

  override async prune(): Promise<number> {
    const tenants = await this.db.asRelay<{ tenant_id: string }>(statements.tenantsWithOldJobs, [limits.jobDays]);
    let removed = 0;
    for (const { tenant_id: tenantId } of tenants) {
      const values = [tenantId, limits.jobDays];
      const remove = (connection: TenantConnection) => connection.query(statements.deleteOldJobs, values);
      removed += (await this.db.asTenant(tenantId, remove)).rowCount ?? 0;
    }
    return removed;
  }

  override async stop(): Promise<void> {
    if (this.sweeping) clearInterval(this.sweeping);
    this.stopping.abort();
    await this.lanes.stop();
    await this.sweep;
  }

  private async insert(connection: TenantConnection, job: NewJob): Promise<SubmittedJob> {
    const { tenantId, id, kind, caller, correlationId, input, total, idempotency = null } = job;
    const told = (row: JobRow, submission: SubmittedJob['submission']): SubmittedJob => ({
      ...this.seals.state(tenantId, row),
      submission,
    });
    if (idempotency !== null) {
      await connection.query(statements.lockRequest, [tenantId, idempotency.key]);
      const { rows } = await connection.query<JobRow>(statements.jobOfRequest, [tenantId, idempotency.key]);
      const [earlier] = rows;
      if (earlier) return told(earlier, earlier.request_hash === idempotency.requestHash ? 'repeated' : 'mismatch');
    }
    const { rows } = await connection.query<JobRow>(statements.insertJob, [
      ...[tenantId, id, kind, caller.keyId],
      ...[idempotency?.key ?? null, idempotency?.requestHash ?? null, idempotency?.ttlSeconds ?? 0],
      this.seals.seal(tenantId, id, 'asker', { caller, correlationId }),
      this.seals.seal(tenantId, id, 'input', input),
      total,
    ]);
    if (rows[0]) return told(rows[0], 'new');
    const { rows: present } = await connection.query<JobRow>(statements.jobById, [tenantId, id]);
    return told(present[0]!, 'repeated');
  }

  private async turn(lane: string): Promise<void> {
    const [tenantId, kind] = lane.split('/') as [string, JobKind];
    const handler = this.handlers.get(kind);
    if (handler === undefined || this.stopping.signal.aborted) return;
    await new JobTurn(this.db, this.seals, tenantId, this.stopping.signal, this.failed).run(kind, handler);
  }

  private async hasMore(lane: string): Promise<boolean> {
    const [tenantId, kind] = lane.split('/') as [string, JobKind];
    const [oldest] = await this.db.readAsTenant<{ due: boolean }>(tenantId, {
      ...{ text: statements.isDue, values: [tenantId, kind] },
    });
    return oldest?.due === true && this.handlers.has(kind);
  }

  private async wakeLanes(): Promise<void> {
    const kinds = [...this.handlers.keys()];
    const found = await this.db.asRelay<{ tenant_id: string; kind: JobKind }>(statements.lanesWithWork, [kinds]);
    await Promise.all(found.map(({ tenant_id: tenantId, kind }) => this.lanes.put(laneOf(tenantId, kind))));
  }
}
