import { LRUCache } from 'lru-cache';
import type { Database, TenantConnection } from './database.js';
import { deriveKey, keyedHash, newKey, open, seal } from './payload-cipher.js';

/** Name of the data subject of everything that is about no end user. */
const self = 'self';

interface TenantKeys {
  tenantKey: Buffer;
  hashKey: Buffer;
}

/** Keys of one transaction: found ones and new ones, written with the commit that first uses them. */
export interface StreamKey {
  streamId: string;
  subjectHmac: string;
  key: Buffer;
  subjectKey: Buffer;
  wrapped: Buffer;
  isNew: boolean;
}

/**
 * The key hierarchy: master key → tenant key → key of a data subject → key of a stream. Each level is stored
 * wrapped by the one above it, in tables that a replay never touches. Destroying a key makes everything below it
 * unreadable for ever; only the hashes of it remain in the log.
 */
export class KeyRing {
  private readonly subjectHmacs = new LRUCache<string, string>({ max: 10_000 });
  private readonly tenants = new Map<string, TenantKeys>();
  private readonly subjects: LRUCache<string, Buffer>;
  private readonly streams: LRUCache<string, Buffer>;
  private readonly apiKeysKey: Buffer;

  /**
   * @param masterKey 32 bytes
   * @param keptMs how long an opened key is kept: the time in which another process can still open what was erased
   */
  constructor(
    private readonly db: Database,
    private readonly masterKey: Buffer,
    keptMs = 60_000,
  ) {
    this.subjects = new LRUCache({ max: 10_000, ttl: keptMs });
    this.streams = new LRUCache({ max: 20_000, ttl: keptMs });
    // Once, not for every request.
    this.apiKeysKey = deriveKey(masterKey, 'api keys');
  }

  /** A fresh tenant key, wrapped, for the row that creates the tenant. */
  newTenantKey(tenantId: string): Buffer {
    return seal(this.masterKey, newKey(), tenantId);
  }

  /** HMAC under which the secret of an API key is stored and looked up. */
  secretHmac(secret: string): Buffer {
    return keyedHash(this.apiKeysKey, [secret]);
  }

  /** A key for one purpose of the gateway, such as signing cursors. */
  derived(purpose: string): Buffer {
    return deriveKey(this.masterKey, purpose);
  }

  /** Tenant-keyed hash, hexadecimal: the form in which a caller's text may stand in the open. */
  async hash(tenantId: string, purpose: string, parts: readonly string[]): Promise<string> {
    const { hashKey } = await this.tenant(tenantId);
    return keyedHash(hashKey, [purpose, ...parts]).toString('hex');
  }

  async subjectHmac(tenantId: string, dataSubject: string | null): Promise<string> {
    const cacheKey = `${tenantId}/${dataSubject === null ? self : `user ${dataSubject}`}`;
    const known = this.subjectHmacs.get(cacheKey);
    if (known !== undefined) return known;
    const hmac = await this.hash(tenantId, 'data subject', dataSubject === null ? [self] : ['user', dataSubject]);
    this.subjectHmacs.set(cacheKey, hmac);
    return hmac;
  }

  /**
   * The keys of `streams` (stream → HMAC of its data subject), read or made inside the caller's transaction.
   * Those with `isNew` must be written to `stream_keys` before it commits.
   *
   * @param mayHaveKeys the streams to look up; the others are known to be new
   */
  async streamKeys(
    connection: TenantConnection,
    tenantId: string,
    streams: ReadonlyMap<string, string>,
    mayHaveKeys: readonly string[],
  ): Promise<Map<string, StreamKey>> {
    const rows = await storedStreamKeys(connection, tenantId, mayHaveKeys);
    const stored = new Map(rows.map((row) => [row.stream_id, row]));
    const subjects = new Set([...streams.values(), ...rows.map((row) => row.subject_hmac)]);
    const subjectKeys = await this.subjectKeys(connection, tenantId, [...subjects]);
    const keys = new Map<string, StreamKey>();
    for (const [streamId, wantedSubject] of streams) {
      const row = stored.get(streamId);
      const subjectHmac = row?.subject_hmac ?? wantedSubject;
      const subjectKey = subjectKeys.get(subjectHmac)!;
      const key = row ? open(subjectKey, row.wrapped_key, streamId) : newKey();
      const wrapped = row?.wrapped_key ?? seal(subjectKey, key, streamId);
      keys.set(streamId, { streamId, subjectHmac, key, subjectKey, wrapped, isNew: !row });
    }
    return keys;
  }

  /** The keys of `streamIds` when all of them are at hand, which spares a transaction; else null. */
  knownKeys(tenantId: string, streamIds: readonly string[]): Map<string, Buffer> | null {
    const keys = new Map<string, Buffer>();
    for (const streamId of streamIds) {
      const key = this.streams.get(`${tenantId}/${streamId}`);
      if (!key) return null;
      keys.set(streamId, key);
    }
    return keys;
  }

  /** Keys of `streamIds` for reading; a stream whose key was destroyed is absent. */
  async readKeys(
    connection: TenantConnection,
    tenantId: string,
    streamIds: readonly string[],
  ): Promise<Map<string, Buffer>> {
    const keys = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const streamId of streamIds) {
      const cached = this.streams.get(`${tenantId}/${streamId}`);
      if (cached) keys.set(streamId, cached);
      else missing.push(streamId);
    }
    if (missing.length === 0) return keys;
    const { rows } = await connection.query<{
      stream_id: string;
      subject_hmac: string;
      wrapped_key: Buffer;
      wrapped_subject: Buffer;
    }>({
      name: 'keys for reading',
      text: `SELECT k.stream_id, k.subject_hmac, k.wrapped_key, s.wrapped_key AS wrapped_subject
        FROM stream_keys k JOIN subject_keys s USING (tenant_id, subject_hmac)
        WHERE k.tenant_id = $1 AND k.stream_id = ANY($2)`,
      values: [tenantId, missing],
    });
    const { tenantKey } = await this.tenant(tenantId);
    for (const row of rows) {
      const cacheKey = `${tenantId}/${row.subject_hmac}`;
      const subjectKey = this.subjects.get(cacheKey) ?? open(tenantKey, row.wrapped_subject, row.subject_hmac);
      this.subjects.set(cacheKey, subjectKey);
      const key = open(subjectKey, row.wrapped_key, row.stream_id);
      keys.set(row.stream_id, key);
      this.streams.set(`${tenantId}/${row.stream_id}`, key);
    }
    return keys;
  }

  /** After a commit, never before (a rollback takes new keys with it): followers will want these next. */
  remember(tenantId: string, keys: Iterable<StreamKey>): void {
    for (const { streamId, key, subjectHmac, subjectKey } of keys) {
      this.streams.set(`${tenantId}/${streamId}`, key);
      this.subjects.set(`${tenantId}/${subjectHmac}`, subjectKey);
    }
  }

  forget(tenantId: string, streamIds: readonly string[]): void {
    for (const streamId of streamIds) this.streams.delete(`${tenantId}/${streamId}`);
  }

  async tenant(tenantId: string): Promise<TenantKeys> {
    const known = this.tenants.get(tenantId);
    if (known) return known;
    const wrapped = await this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<{ wrapped_key: Buffer }>('SELECT wrapped_key FROM tenant_keys');
      return rows[0]?.wrapped_key;
    });
    if (!wrapped) throw new Error(`Tenant ${tenantId} has no key: it was never created, or it was erased.`);
    const tenantKey = this.openTenantKey(tenantId, wrapped);
    const keys = { tenantKey, hashKey: deriveKey(tenantKey, 'hashes') };
    this.tenants.set(tenantId, keys);
    return keys;
  }

  private openTenantKey(tenantId: string, wrapped: Buffer): Buffer {
    try {
      return open(this.masterKey, wrapped, tenantId);
    } catch (error) {
      throw new Error(
        'The master key does not open the keys of this database. Set MEMORYSTACK_MASTER_KEY, or put back the master.key file that was there when it was created.',
        { cause: error },
      );
    }
  }

  private async subjectKeys(
    connection: TenantConnection,
    tenantId: string,
    subjects: string[],
  ): Promise<Map<string, Buffer>> {
    const keys = new Map<string, Buffer>();
    const missing = subjects.filter((subject) => {
      const cached = this.subjects.get(`${tenantId}/${subject}`);
      if (cached) keys.set(subject, cached);
      return !cached;
    });
    if (missing.length === 0) return keys;
    const { tenantKey } = await this.tenant(tenantId);
    const fresh = missing.map((subject) => seal(tenantKey, newKey(), subject));
    // The tenant's head is locked, so whoever inserts first has committed before this transaction reads.
    const { rows } = await connection.query<{ subject_hmac: string; wrapped_key: Buffer }>(
      `WITH made AS (
         INSERT INTO subject_keys (tenant_id, subject_hmac, wrapped_key)
         SELECT $1, * FROM unnest($2::text[], $3::bytea[]) ON CONFLICT DO NOTHING RETURNING subject_hmac, wrapped_key)
       SELECT subject_hmac, wrapped_key FROM made
       UNION ALL SELECT subject_hmac, wrapped_key FROM subject_keys WHERE tenant_id = $1 AND subject_hmac = ANY($2)`,
      [tenantId, missing, fresh],
    );
    for (const row of rows) keys.set(row.subject_hmac, open(tenantKey, row.wrapped_key, row.subject_hmac));
    return keys;
  }
}

interface StreamKeyRow {
  stream_id: string;
  subject_hmac: string;
  wrapped_key: Buffer;
}

async function storedStreamKeys(
  connection: TenantConnection,
  tenantId: string,
  streamIds: readonly string[],
): Promise<StreamKeyRow[]> {
  if (streamIds.length === 0) return [];
  const { rows } = await connection.query<StreamKeyRow>({
    name: 'stream keys',
    text: 'SELECT stream_id, subject_hmac, wrapped_key FROM stream_keys WHERE tenant_id = $1 AND stream_id = ANY($2)',
    values: [tenantId, streamIds],
  });
  return rows;
}
