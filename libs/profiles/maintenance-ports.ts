import type { Provider } from '@nestjs/common';
import { PostgresBelievedMemories } from '#libs/adapters/postgres/believed-memories.js';
import type { Database } from '#libs/adapters/postgres/database.js';
import type { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { PostgresTextVectors } from '#libs/adapters/postgres/text-vectors.js';
import { PostgresTimetable } from '#libs/adapters/postgres/timetable.js';
import { ThreadedMining } from '#libs/adapters/rules/mining/threaded-mining.js';
import { BatchEmbedder } from '#libs/ports/batch-embedder.js';
import { BelievedMemories } from '#libs/ports/believed-memories.js';
import { MemoryMining } from '#libs/ports/memory-mining.js';
import { TextVectors } from '#libs/ports/text-vectors.js';
import { Timetable } from '#libs/ports/timetable.js';
import type { Configuration } from '#libs/service-kit/configuration.js';

/** What maintenance of memories stands on, the same in both profiles. */
export async function maintenancePorts(
  { db, keyRing }: { db: Database; keyRing: KeyRing },
  configuration: Pick<Configuration, 'embedder' | 'embedderServer'>,
): Promise<{ providers: Provider[]; close(): Promise<void> }> {
  const mining = new ThreadedMining();
  return {
    providers: [
      { provide: BelievedMemories, useValue: new PostgresBelievedMemories(db) },
      { provide: Timetable, useValue: new PostgresTimetable(db) },
      { provide: MemoryMining, useValue: mining },
      ...(await batchPorts(db, keyRing, configuration)),
    ],
    close: () => mining.close(),
  };
}

/** None where the provider of the embedder has no batch endpoint, or it is not wanted. */
async function batchPorts(
  db: Database,
  keyRing: KeyRing,
  { embedder, embedderServer }: Pick<Configuration, 'embedder' | 'embedderServer'>,
): Promise<Provider[]> {
  if (embedder.name !== 'openai' || !embedderServer?.batch) return [];
  const { OpenaiBatchEmbedder } = await import('#libs/adapters/openai/openai-batch-embedder.js');
  const provider = new OpenaiBatchEmbedder({ ...embedder, ...embedderServer });
  const { model } = provider;
  return [
    { provide: BatchEmbedder, useValue: provider },
    { provide: TextVectors, useValue: new PostgresTextVectors(db, keyRing, { ...embedder, model }) },
  ];
}
