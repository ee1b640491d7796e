import { randomBytes, randomUUID } from 'node:crypto';
import { limits } from '#libs/domain/limits.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { LogPlace } from '#libs/ports/memory-queries.js';
import { type LeasedWebhook, type NewWebhook, type Webhook, Webhooks } from '#libs/ports/webhooks.js';
import type { Database, TenantConnection } from './database.js';
import type { KeyRing } from './key-ring.js';
import { open, seal } from './payload-cipher.js';
import { uuidPattern } from './shown-rows.js';

const secretBytes = 32;

interface Sealed {
  url: string;
  secret: string;
  caller: Caller;
}

interface WebhookTableRow {
  tenant_id: string;
  webhook_id: string;
  sealed: Buffer;
  types: string[] | null;
  include_content: boolean;
  state: Webhook['state'];
  position: number;
  index_in_commit: number;
  failures: number;
  last_error: string | null;
  last_delivered_at: Date | null;
  created_at: Date;
}

export class PostgresWebhooks extends Webhooks {
  private readonly key: Buffer;

  constructor(
    private readonly db: Database,
    keyRing: KeyRing,
  ) {
    super();
    this.key = keyRing.derived('webhooks');
  }

  override async create({ tenantId, url, caller, types, includeContent, place }: NewWebhook) {
    const id = randomUUID();
    const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`;
    const text = JSON.stringify({ url, secret, caller } satisfies Sealed);
    const sealed = seal(this.key, Buffer.from(text), contextOf(tenantId, id));
    const { rows } = await this.db.asTenant(tenantId, (connection) =>
      connection.query<WebhookTableRow>(
        `INSERT INTO webhooks
           (tenant_id, webhook_id, key_id, sealed, types, include_content, state, position, index_in_commit)
         VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8) RETURNING *`,
        [tenantId, id, caller.keyId, sealed, types, includeContent, place.position, place.index],
      ),
    );
    return { webhook: this.webhook(rows[0]!), secret };
  }

  override async list(tenantId: string): Promise<Webhook[]> {
    const rows = await this.db.readAsTenant<WebhookTableRow>(tenantId, {
      text: 'SELECT * FROM webhooks WHERE tenant_id = $1 ORDER BY created_at, webhook_id',
      values: [tenantId],
    });
    return rows.map((row) => this.webhook(row));
  }

  override async secret(tenantId: string, id: string): Promise<string | null> {
    if (!uuidPattern.test(id)) return null;
    const [row] = await this.db.readAsTenant<WebhookTableRow>(tenantId, {
      text: 'SELECT * FROM webhooks WHERE tenant_id = $1 AND webhook_id = $2',
      values: [tenantId, id],
    });
    return row ? this.opened(row).secret : null;
  }

  override remove(tenantId: string, id: string): Promise<boolean> {
    return this.change(tenantId, id, 'DELETE FROM webhooks');
  }

  override sendBack(tenantId: string, id: string, { position, index }: LogPlace): Promise<boolean> {
    const set = `UPDATE webhooks SET position = $3, index_in_commit = $4, lease = NULL, leased_until = '-infinity',
      next_attempt_at = '-infinity'`;
    return this.change(tenantId, id, set, [position, index]);
  }

  override enable(tenantId: string, id: string): Promise<boolean> {
    const set = `UPDATE webhooks SET state = 'active', failures = 0, last_error = NULL, next_attempt_at = '-infinity'`;
    return this.change(tenantId, id, set);
  }

  override async take(limit: number, leaseMs: number): Promise<LeasedWebhook[]> {
    const lease = randomUUID();
    const { rows } = await this.db.asOwner((connection) =>
      connection.query<WebhookTableRow>(
        `WITH due AS (
           SELECT hook.tenant_id, hook.webhook_id
           FROM webhooks AS hook JOIN log_heads AS head ON head.tenant_id = hook.tenant_id
             JOIN api_keys AS made_with ON made_with.key_id = hook.key_id AND made_with.revoked_at IS NULL
           WHERE hook.state = 'active' AND hook.next_attempt_at <= now() AND hook.leased_until < now()
             AND (hook.position < head.position OR hook.index_in_commit < $4)
           ORDER BY hook.leased_until, hook.webhook_id LIMIT $1
           FOR UPDATE OF hook SKIP LOCKED
         )
         UPDATE webhooks AS hook SET lease = $2, leased_until = now() + $3 * interval '1 millisecond' FROM due
         WHERE hook.tenant_id = due.tenant_id AND hook.webhook_id = due.webhook_id RETURNING hook.*`,
        [limit, lease, leaseMs, limits.eventsPerCommit],
      ),
    );
    return rows.map((row) => ({ ...this.webhook(row), secret: this.opened(row).secret, lease }));
  }

  override advance(webhook: LeasedWebhook, place: LogPlace, delivered: boolean, leaseMs: number): Promise<boolean> {
    return this.whileLeased(
      webhook,
      `position = $4, index_in_commit = $5, leased_until = now() + $6 * interval '1 millisecond',
       failures = CASE WHEN $7 THEN 0 ELSE failures END, last_error = CASE WHEN $7 THEN NULL ELSE last_error END,
       last_delivered_at = CASE WHEN $7 THEN now() ELSE last_delivered_at END`,
      [place.position, place.index, leaseMs, delivered],
    );
  }

  override fail(webhook: LeasedWebhook, error: string, retryInMs: number | null): Promise<boolean> {
    return this.whileLeased(
      webhook,
      `failures = failures + 1, last_error = $4, state = CASE WHEN $5::float8 IS NULL THEN 'disabled' ELSE state END,
       next_attempt_at = now() + coalesce($5::float8, 0) * interval '1 millisecond',
       lease = NULL, leased_until = '-infinity'`,
      [error, retryInMs],
    );
  }

  override async release(webhook: LeasedWebhook): Promise<void> {
    await this.whileLeased(webhook, `lease = NULL, leased_until = '-infinity'`, []);
  }

  private async whileLeased({ tenantId, id, lease }: LeasedWebhook, set: string, values: unknown[]): Promise<boolean> {
    return this.changed(tenantId, (connection) =>
      connection.query(
        `UPDATE webhooks SET ${set}
         WHERE tenant_id = $1 AND webhook_id = $2 AND lease = $3 AND leased_until > now() AND state = 'active'`,
        [tenantId, id, lease, ...values],
      ),
    );
  }

  private async change(tenantId: string, id: string, statement: string, values: unknown[] = []): Promise<boolean> {
    if (!uuidPattern.test(id)) return false;
    return this.changed(tenantId, (connection) =>
      connection.query(`${statement} WHERE tenant_id = $1 AND webhook_id = $2`, [tenantId, id, ...values]),
    );
  }

  private async changed(
    tenantId: string,
    work: (connection: TenantConnection) => Promise<{ rowCount: number | null }>,
  ): Promise<boolean> {
    const { rowCount } = await this.db.asTenant(tenantId, work);
    return rowCount === 1;
  }

  private opened({ tenant_id: tenantId, webhook_id: id, sealed }: WebhookTableRow): Sealed {
    return JSON.parse(open(this.key, sealed, contextOf(tenantId, id)).toString('utf8')) as Sealed;
  }

  private webhook(row: WebhookTableRow): Webhook {
    const { url, caller } = this.opened(row);
    return {
      ...{ id: row.webhook_id, tenantId: row.tenant_id, url, caller },
      ...{ types: row.types, includeContent: row.include_content, state: row.state },
      ...{ place: { position: row.position, index: row.index_in_commit } },
      ...{ failures: row.failures, lastError: row.last_error },
      lastDeliveredAt: row.last_delivered_at?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
    };
  }
}

function contextOf(tenantId: string, id: string): string {
  return `webhook/${tenantId}/${id}`;
}
