import { LRUCache } from 'lru-cache';
import type { Database } from './database.js';
import { deriveKey, keyedHash, newKey, open, seal } from './payload-cipher.js';

/** Name of the data subject of everything that is about no end user. */
const self = 'self';

interface TenantKeys {
  tenantKey: Buffer;
  hashKey: Buffer;
}

export interface SubjectKey {
  hmac: string;
  key: Buffer;
  /** As it is to be stored; null when it is stored. */
  wrapped: Buffer | null;
}

/** Keys of one transaction: found ones and new ones, written with the commit that first uses them. */
export interface StreamKey {
  streamId: string;
  subject: SubjectKey;
  key: Buffer;
  wrapped: Buffer;
  isNew: boolean;
}

/** What the tables of keys hold of the streams and data subjects of a transaction. */
export interface StoredKeys {
  streams: { stream: string; subject: string; wrapped: Buffer }[];
  /** By the HMAC of the subject. */
  subjects: ReadonlyMap<string, Buffer>;
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

  /** Of `subjects`, those whose keys are to be read. */
  unknownSubjects(tenantId: string, subjects: Iterable<string>): string[] {
    return [...new Set(subjects)].filter((subject) => !this.subjects.has(`${tenantId}/${subject}`));
  }

  /**
   * The keys of `streams` (stream → HMAC of its data subject): those that are stored, and new ones. New ones must be
   * written before the transaction commits that read `stored` under the lock of the tenant's head.
   */
  async streamKeys(
    tenantId: string,
    streams: ReadonlyMap<string, string>,
    stored: StoredKeys,
  ): Promise<Map<string, StreamKey>> {
    const { tenantKey } = await this.tenant(tenantId);
    const subjects = new Map<string, SubjectKey>();
    const subjectKey = (hmac: string): SubjectKey => {
      let known = subjects.get(hmac);
      if (known === undefined) {
        known = this.subjectKey(tenantId, tenantKey, hmac, stored.subjects.get(hmac));
        subjects.set(hmac, known);
      }
      return known;
    };
    const rows = new Map(stored.streams.map((row) => [row.stream, row]));
    const keys = new Map<string, StreamKey>();
    for (const [streamId, wantedSubject] of streams) {
      const row = rows.get(streamId);
      const subject = subjectKey(row?.subject ?? wantedSubject);
      const key = row ? open(subject.key, row.wrapped, streamId) : newKey();
      const wrapped = row?.wrapped ?? seal(subject.key, key, streamId);
      keys.set(streamId, { streamId, subject, key, wrapped, isNew: !row });
    }
    return keys;
  }

  /** Keys of `streamIds` for reading; a stream whose key was destroyed is absent. */
  async readKeys(tenantId: string, streamIds: readonly string[]): Promise<Map<string, Buffer>> {
    const keys = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const streamId of streamIds) {
      const cached = this.streams.get(`${tenantId}/${streamId}`);
      if (cached) keys.set(streamId, cached);
      else missing.push(streamId);
    }
    if (missing.length === 0) return keys;
    const { tenantKey } = await this.tenant(tenantId);
    const rows = await this.db.readAsTenant<{
      stream_id: string;
      subject_hmac: string;
      wrapped_key: Buffer;
      wrapped_subject: Buffer;
    }>(tenantId, {
      name: 'keys for reading',
      text: `SELECT k.stream_id, k.subject_hmac, k.wrapped_key, s.wrapped_key AS wrapped_subject
        FROM stream_keys k JOIN subject_keys s USING (tenant_id, subject_hmac)
        WHERE k.tenant_id = $1 AND k.stream_id = ANY($2)`,
      values: [tenantId, missing],
    });
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
    for (const { streamId, key, subject } of keys) {
      this.streams.set(`${tenantId}/${streamId}`, key);
      this.subjects.set(`${tenantId}/${subject.hmac}`, subject.key);
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

  private subjectKey(tenantId: string, tenantKey: Buffer, hmac: string, stored: Buffer | undefined): SubjectKey {
    const key = this.subjects.get(`${tenantId}/${hmac}`);
    if (key) return { hmac, key, wrapped: null };
    if (stored) return { hmac, key: open(tenantKey, stored, hmac), wrapped: null };
    const made = newKey();
    return { hmac, key: made, wrapped: seal(tenantKey, made, hmac) };
  }
}
