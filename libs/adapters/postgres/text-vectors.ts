import { type TextVector, vectorBytes, vectorOfBytes } from '#libs/domain/ranking/text-vector.js';
import type { Embedder } from '#libs/ports/embedder.js';
import type { LearnedVector } from '#libs/ports/search-index.js';
import { TextVectors } from '#libs/ports/text-vectors.js';
import { binaryArray, bytea, text } from './binary-array.js';
import type { Database, TenantConnection } from './database.js';
import type { KeyRing } from './key-ring.js';
import { keyedHash } from './payload-cipher.js';
import { column, RowsStatement } from './row-statements.js';

interface VectorRow {
  model: string;
  hmac: Buffer;
  id: string;
  vector: TextVector;
}

const insertVectors = RowsStatement.insert<VectorRow>(
  'text_vectors',
  [
    column('model', text, ({ model }) => model),
    column('content_hmac', bytea, ({ hmac }) => hmac),
    column('document_id', text, ({ id }) => id),
    column('vector', bytea, ({ vector }) => vectorBytes(vector)),
  ],
  'ON CONFLICT DO NOTHING',
);

const knownVectors = `
  SELECT DISTINCT ON (content_hmac) content_hmac AS hmac, vector FROM text_vectors
  WHERE tenant_id = $1 AND model = $2 AND content_hmac = ANY($3)`;

/** Locked, so that none is erased before its vector is there to be erased with it. Episodes are not erased one by one. */
const documentsThere = `
  WITH memories_there AS (
    SELECT memory_id FROM memories WHERE tenant_id = $1 AND memory_id = ANY($2::uuid[]) FOR KEY SHARE
  )
  SELECT memory_id::text AS id FROM memories_there
  UNION ALL SELECT episode_id::text FROM episodes WHERE tenant_id = $1 AND episode_id = ANY($2::uuid[])`;

const expectDocuments = `
  INSERT INTO expected_vectors (tenant_id, model, document_ids, until)
  VALUES ($1, $2, $3, now() + make_interval(secs => $4))
  ON CONFLICT (tenant_id, model) DO UPDATE SET document_ids = excluded.document_ids, until = excluded.until`;
const expectOn = `
  UPDATE expected_vectors SET until = now() + make_interval(secs => $3) WHERE tenant_id = $1 AND model = $2`;
const expectedDocuments = `
  SELECT document_ids AS ids FROM expected_vectors WHERE tenant_id = $1 AND model = $2 AND until > now()`;

/**
 * Vectors by the HMAC of the text that they are of, in PostgreSQL. Each also names the document that said it: with the
 * rows of an erased document its vectors are erased, by `PostgresReadModelStore`.
 */
export class PostgresTextVectors extends TextVectors {
  override readonly dimensions: number;
  override readonly isInstant = false;
  private readonly model: string;
  private readonly key: Buffer;

  constructor(
    private readonly db: Database,
    keyRing: KeyRing,
    { model, dimensions }: Pick<Embedder, 'model' | 'dimensions'>,
  ) {
    super();
    this.dimensions = dimensions;
    this.model = model;
    this.key = keyRing.derived('texts that have vectors');
  }

  override async known(tenantId: string, texts: readonly string[]): Promise<(TextVector | null)[]> {
    const hmacs = texts.map((each) => this.hmac(tenantId, each));
    const values = [tenantId, this.model, binaryArray(bytea, hmacs, (hmac) => hmac)];
    const rows = await this.db.readAsTenant<{ hmac: Buffer; vector: Buffer }>(tenantId, {
      ...{ name: 'known vectors', text: knownVectors, values },
    });
    const found = new Map(rows.map(({ hmac, vector }) => [hmac.toString('latin1'), vectorOfBytes(vector)]));
    return hmacs.map((hmac) => found.get(hmac.toString('latin1')) ?? null);
  }

  override async keep(tenantId: string, vectors: readonly LearnedVector[]): Promise<void> {
    const { model } = this;
    const ids = vectors.map(({ id }) => id);
    const work = async (connection: TenantConnection): Promise<void> => {
      const { rows: known } = await connection.query<{ id: string }>(documentsThere, [tenantId, ids]);
      const there = new Set(known.map(({ id }) => id));
      const kept = vectors.filter(({ id }) => there.has(id));
      const rows = kept.map((each) => ({ ...each, model, hmac: this.hmac(tenantId, each.text) }));
      await insertVectors.run(connection, tenantId, rows);
    };
    await this.db.asTenant(tenantId, work, 'derived');
  }

  override async expect(tenantId: string, documentIds: readonly string[], seconds: number): Promise<void> {
    const values = [tenantId, this.model, documentIds, seconds];
    await this.db.asTenant(tenantId, (connection) => connection.query(expectDocuments, values), 'derived');
  }

  override async expectOn(tenantId: string, seconds: number): Promise<void> {
    const values = [tenantId, this.model, seconds];
    await this.db.asTenant(tenantId, (connection) => connection.query(expectOn, values), 'derived');
  }

  override async expected(tenantId: string): Promise<string[]> {
    const rows = await this.db.readAsTenant<{ ids: string[] }>(tenantId, {
      ...{ name: 'expected vectors', text: expectedDocuments, values: [tenantId, this.model] },
    });
    return rows[0]?.ids ?? [];
  }

  /** Forgets what the texts of all tenants mean to other models than these. */
  static async eraseAllBut(db: Database, models: readonly string[]): Promise<void> {
    await db.asOwner((connection) => connection.query('DELETE FROM text_vectors WHERE model <> ALL($1)', [models]));
  }

  private hmac(tenantId: string, content: string): Buffer {
    return keyedHash(this.key, [tenantId, content]);
  }
}
