import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type AccessKey, AccessKeys } from '#libs/ports/access-keys.js';
import type { Database } from './database.js';
import type { KeyRing } from './key-ring.js';

interface KeyRow {
  key_id: string;
  tenant_id: string;
  plan_tier: string;
  secret_hmac: Buffer;
  project_name: string | null;
  team_name: string | null;
  agent_name: string | null;
  user_id: string | null;
}

/** Secrets longer than this are not ours; hashing them would only cost. */
const longestSecret = 512;

/** API keys by the HMAC of their secret. Found keys are kept until any key changes anywhere (`NOTIFY`). */
export class PostgresAccessKeys extends AccessKeys {
  private readonly found = new LRUCache<string, AccessKey>({ max: 5_000, ttl: 60_000 });
  private listening: { close: () => Promise<void> } | null = null;
  private heard = false;
  /** Counts what was heard, so that a look-up under way notices a change that its answer may not show. */
  private changes = 0;

  constructor(
    private readonly db: Database,
    private readonly keyRing: KeyRing,
  ) {
    super();
  }

  /** Starts to hear of changed keys; nothing is kept before, or while the connection is lost. */
  async start(): Promise<void> {
    const changed = (): void => {
      this.changes += 1;
      this.found.clear();
    };
    const lost = (): void => {
      this.heard = false;
      changed();
    };
    const connected = (): void => {
      this.heard = true;
    };
    this.listening = await this.db.listen('memorystack_api_keys', { changed, lost, connected });
  }

  async stop(): Promise<void> {
    await this.listening?.close();
  }

  override async find(secret: string): Promise<AccessKey | null> {
    if (secret.length === 0 || secret.length > longestSecret) return null;
    const hmac = this.keyRing.secretHmac(secret);
    const cacheKey = hmac.toString('base64');
    const known = this.found.get(cacheKey);
    if (known) return known;
    const { changes } = this;
    const [row] = await this.db.asAuth<KeyRow>('SELECT * FROM find_api_key($1)', [hmac]);
    if (!row || !timingSafeEqual(row.secret_hmac, hmac)) return null;
    const { project_name: projectName, team_name: teamName, agent_name: agentName, user_id: userId } = row;
    const key: AccessKey = {
      id: row.key_id,
      tenantId: row.tenant_id,
      planTier: row.plan_tier,
      binding: { projectName, teamName, agentName, userId },
    };
    if (this.heard && changes === this.changes) this.found.set(cacheKey, key);
    return key;
  }
}
