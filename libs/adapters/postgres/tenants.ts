import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { KeyBinding } from '#libs/domain/scope/ownership.js';
import { assertTenantId, type Database, type TenantConnection } from './database.js';
import type { KeyRing } from './key-ring.js';

export interface KeyListing {
  keyId: string;
  tenantId: string;
  name: string;
  /** The end of the secret, to tell keys apart. */
  hint: string;
  binding: KeyBinding;
  createdAt: string;
  revokedAt: string | null;
}

export interface TenantListing {
  tenantId: string;
  planTier: string;
  createdAt: string;
}

/** By the names of the quotas. */
export interface TenantUse {
  apiCallsPerMonth: number;
  memories: number;
  storageBytes: number;
}

const secretBytes = 32;
const hintLength = 4;

/** The control plane: tenants and their API keys. For the operator's commands, never for serving a request. */
export class Tenants {
  constructor(
    private readonly db: Database,
    private readonly keyRing: KeyRing,
  ) {}

  /** Makes the tenant with its key and its empty log. @returns false when it exists, which changes nothing */
  async ensure(tenantId: string, planTier: string): Promise<boolean> {
    assertTenantId(tenantId);
    return this.db.asOwner(async (connection) => {
      const made = await connection.query(
        'INSERT INTO tenants (tenant_id, plan_tier, created_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING',
        [tenantId, planTier],
      );
      if (made.rowCount === 0) return false;
      await connection.query('INSERT INTO tenant_keys (tenant_id, wrapped_key) VALUES ($1, $2)', [
        tenantId,
        this.keyRing.newTenantKey(tenantId),
      ]);
      await connection.query('INSERT INTO log_heads (tenant_id) VALUES ($1)', [tenantId]);
      return true;
    });
  }

  async list(): Promise<TenantListing[]> {
    return this.db.asOwner(async (connection) => {
      const { rows } = await connection.query<TenantTableRow>('SELECT * FROM tenants ORDER BY tenant_id');
      return rows.map(({ tenant_id: tenantId, plan_tier: planTier, created_at: createdAt }) => ({
        ...{ tenantId, planTier },
        createdAt: createdAt.toISOString(),
      }));
    });
  }

  /** Every process goes by the new plan within a second. @returns false when there is no such tenant */
  async setPlan(tenantId: string, planTier: string): Promise<boolean> {
    return this.db.asOwner(async (connection) => {
      const { rowCount } = await connection.query('UPDATE tenants SET plan_tier = $2 WHERE tenant_id = $1', [
        ...[tenantId, planTier],
      ]);
      return rowCount === 1;
    });
  }

  /** What the tenant uses of its quotas: of this calendar month (UTC), and now. */
  async use(tenantId: string): Promise<TenantUse> {
    const [row] = await this.db.readAsTenant<TenantUse>(tenantId, {
      text: `SELECT coalesce((SELECT memories FROM memory_totals WHERE tenant_id = $1), 0) AS memories,
          coalesce((SELECT content_bytes FROM memory_totals WHERE tenant_id = $1), 0) AS "storageBytes",
          coalesce((SELECT amount FROM usage_counters WHERE tenant_id = $1 AND counter = 'api_call'
            AND month = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')), 0) AS "apiCallsPerMonth"`,
      values: [tenantId],
    });
    return row!;
  }

  async hasKeys(): Promise<boolean> {
    return this.db.asOwner(async (connection) => {
      const { rows } = await connection.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM api_keys) AS any');
      return rows[0]!.any;
    });
  }

  /** @returns the secret, which is stored nowhere and cannot be shown again */
  async createKey(
    tenantId: string,
    { name, binding, secret = newSecret() }: { name: string; binding: KeyBinding; secret?: string },
  ): Promise<{ keyId: string; secret: string }> {
    const keyId = uuidv7();
    await this.db.asOwner((connection) => this.insertKey(connection, tenantId, keyId, name, binding, secret));
    return { keyId, secret };
  }

  async listKeys(tenantId: string | null): Promise<KeyListing[]> {
    return this.db.asOwner(async (connection) => {
      const { rows } = await connection.query<KeyTableRow>(
        'SELECT * FROM api_keys WHERE $1::text IS NULL OR tenant_id = $1 ORDER BY tenant_id, created_at',
        [tenantId],
      );
      return rows.map(keyListing);
    });
  }

  /** @returns false when there is no such key, or it was revoked before */
  async revokeKey(keyId: string): Promise<boolean> {
    return this.db.asOwner(async (connection) => {
      const { rowCount } = await connection.query(
        'UPDATE api_keys SET revoked_at = now() WHERE key_id = $1 AND revoked_at IS NULL',
        [keyId],
      );
      return rowCount === 1;
    });
  }

  private async insertKey(
    connection: TenantConnection,
    tenantId: string,
    keyId: string,
    name: string,
    binding: KeyBinding,
    secret: string,
  ): Promise<void> {
    await connection.query(
      `INSERT INTO api_keys (key_id, tenant_id, name, secret_hmac, hint, project_name, team_name, agent_name, user_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
      [
        ...[keyId, tenantId, name, this.keyRing.secretHmac(secret), secret.slice(-hintLength)],
        ...[binding.projectName, binding.teamName, binding.agentName, binding.userId],
      ],
    );
  }
}

/** `ms_` and 256 random bits. */
function newSecret(): string {
  return `ms_${randomBytes(secretBytes).toString('base64url')}`;
}

interface TenantTableRow {
  tenant_id: string;
  plan_tier: string;
  created_at: Date;
}

interface KeyTableRow {
  key_id: string;
  tenant_id: string;
  name: string;
  hint: string;
  project_name: string | null;
  team_name: string | null;
  agent_name: string | null;
  user_id: string | null;
  created_at: Date;
  revoked_at: Date | null;
}

function keyListing(row: KeyTableRow): KeyListing {
  return {
    keyId: row.key_id,
    tenantId: row.tenant_id,
    name: row.name,
    hint: row.hint,
    binding: { projectName: row.project_name, teamName: row.team_name, agentName: row.agent_name, userId: row.user_id },
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
