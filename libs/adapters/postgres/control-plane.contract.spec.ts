import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { accessKeysContract } from '#libs/ports/contracts/access-keys.contract.js';
import { identitiesContract } from '#libs/ports/contracts/identities.contract.js';
import { unboundKey } from '#libs/ports/access-keys.js';
import { usageCountersContract } from '#libs/ports/contracts/usage-counters.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { PostgresAccessKeys } from './access-keys.js';
import { Database } from './database.js';
import { KeyedIdentities } from './identities.js';
import { KeyRing } from './key-ring.js';
import { PostgresUsageCounters } from './usage-counters.js';

let database: TestDatabase;
/** Connections of another process. */
let elsewhere: Database;

beforeAll(async () => {
  database = await startTestDatabase();
  elsewhere = new Database(database.url);
  for (const tenantId of ['acme', 'other']) await database.tenants.ensure(tenantId, 'self-hosted');
});
afterAll(async () => {
  await elsewhere.close();
  await database.stop();
});

accessKeysContract('the keys in PostgreSQL', async () => {
  const { db, keyRing, tenants, masterKey, url } = database;
  const keys = new PostgresAccessKeys(db, keyRing);
  const keysElsewhere = new PostgresAccessKeys(elsewhere, new KeyRing(elsewhere, masterKey));
  for (const one of [keys, keysElsewhere]) await one.start();
  return {
    keys,
    keysElsewhere,
    create: (tenantId, binding) => tenants.createKey(tenantId, { name: 'test', binding }),
    revoke: (keyId) => tenants.revokeKey(keyId),
    disturb: async () => {
      const login = new pg.Client({ connectionString: url });
      await login.connect();
      await login.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
      await login.end();
    },
    stop: async () => {
      for (const one of [keys, keysElsewhere]) await one.stop();
    },
  };
});

/** Hands the answer of the next key look-up on only when told to. */
class HeldBack extends Database {
  release: () => void = () => undefined;
  private held: Promise<void> = Promise.resolve();

  holdBack(): void {
    this.held = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  override async asAuth<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<T[]> {
    const rows = await super.asAuth<T>(text, values);
    await this.held;
    return rows;
  }
}

it('the keys in PostgreSQL do not keep an answer that was overtaken by a change', async () => {
  const { keyRing, tenants, url } = database;
  const db = new HeldBack(url);
  const keys = new PostgresAccessKeys(db, keyRing);
  await keys.start();
  const { secret, keyId } = await tenants.createKey('acme', { name: 'race', binding: unboundKey });
  db.holdBack();
  const overtaken = keys.find(secret);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await tenants.revokeKey(keyId);
  await new Promise((resolve) => setTimeout(resolve, 200));
  db.release();
  expect(await overtaken).toMatchObject({ id: keyId });
  expect(await keys.find(secret)).toBeNull();
  await keys.stop();
  await db.close();
});

identitiesContract('identities from the keys of a tenant', async () => ({
  identities: new KeyedIdentities(database.keyRing),
  identitiesElsewhere: new KeyedIdentities(new KeyRing(elsewhere, database.masterKey)),
  stop: async () => undefined,
}));

usageCountersContract('the counters in PostgreSQL', async () => {
  let now = new Date();
  let made = 0;
  const failed = (error: Error): void => {
    throw error;
  };
  const counters = new PostgresUsageCounters(database.db, failed, () => now);
  const countersElsewhere = new PostgresUsageCounters(elsewhere, failed, () => now);
  return {
    counters,
    countersElsewhere,
    setClock: (instant) => {
      now = new Date(instant);
    },
    newTenant: async () => {
      made += 1;
      return `counted-${made}`;
    },
    stop: async () => {
      for (const one of [counters, countersElsewhere]) await one.stop();
    },
  };
});
