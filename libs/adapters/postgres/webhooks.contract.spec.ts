import { afterAll, beforeAll } from '@jest/globals';
import { unboundKey } from '#libs/ports/access-keys.js';
import { webhooksContract } from '#libs/ports/contracts/webhooks.contract.js';
import { callerOf, startTestService, statement, type TestService } from '#test/harness/service.js';
import { Database } from './database.js';
import { KeyRing } from './key-ring.js';
import { PostgresWebhooks } from './webhooks.js';

let service: TestService;
let made = 0;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

webhooksContract('the webhooks in PostgreSQL', async () => {
  const { db, keyRing, masterKey, tenants, url } = service.database;
  const elsewhere = new Database(url);
  return {
    webhooks: new PostgresWebhooks(db, keyRing),
    webhooksElsewhere: new PostgresWebhooks(elsewhere, new KeyRing(elsewhere, masterKey)),
    newCaller: async () => {
      const tenantId = `hooked-${(made += 1)}`;
      await tenants.ensure(tenantId, 'self-hosted');
      const { keyId } = await tenants.createKey(tenantId, { name: 'test', binding: unboundKey });
      const caller = callerOf(tenantId, { keyId, project: { id: 'p-1', name: 'secret plans' } });
      for (const content of ['one', 'two', 'three']) await service.send(caller, statement(content));
      return caller;
    },
    revokeKey: async (keyId) => void (await tenants.revokeKey(keyId)),
    stored: (tenantId) =>
      db.asTenant(tenantId, async (connection) => {
        const { rows } = await connection.query<{ text: string }>(
          "SELECT w::text || encode(w.sealed, 'escape') AS text FROM webhooks w",
        );
        return rows.map(({ text }) => text).join('\n');
      }),
    stop: () => elsewhere.close(),
  };
});
