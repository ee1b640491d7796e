import { textVectorsContract } from '#libs/ports/contracts/text-vectors.contract.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { callerOf, startTestService, statement } from '#test/harness/service.js';
import { Database } from './database.js';
import { KeyRing } from './key-ring.js';
import { PostgresTextVectors } from './text-vectors.js';

class OtherModel extends TinyEmbedder {
  override readonly model = 'another';
}

textVectorsContract('PostgreSQL', async () => {
  const service = await startTestService(['acme', 'other']);
  const { db, keyRing, url, masterKey } = service.database;
  const elsewhere = new Database(url);
  const apply = async (tenantId: string, command: Parameters<typeof service.send>[1]) => {
    const { body, position } = await service.send(callerOf(tenantId), command);
    await service.follower.waitFor(tenantId, position, 10_000);
    return body;
  };
  return {
    vectors: new PostgresTextVectors(db, keyRing, new TinyEmbedder()),
    vectorsElsewhere: new PostgresTextVectors(elsewhere, new KeyRing(elsewhere, masterKey), new TinyEmbedder()),
    ofOtherModel: new PostgresTextVectors(db, keyRing, new OtherModel()),
    write: async (tenantId, text) => ((await apply(tenantId, statement(text)))['memoryIds'] as string[])[0]!,
    erase: async (tenantId, id) =>
      void (await apply(tenantId, { type: 'ForgetMemories', memoryIds: [id], hard: true, single: true })),
    stop: async () => {
      await elsewhere.close();
      await service.stop();
    },
  };
});
