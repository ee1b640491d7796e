// Fills the log of a data folder without HTTP, with the commands that the server itself would carry out.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';

const { CommandHandler } = await import('../dist/apps/ingestion/command-handler.js');
const { IngestionModule } = await import('../dist/apps/ingestion/ingestion.module.js');
const { Identities } = await import('../dist/libs/ports/identities.js');
const { LogReader } = await import('../dist/libs/ports/log-reader.js');
const { ReadModelStore } = await import('../dist/libs/ports/read-model-store.js');
const { openStandaloneDatabase } = await import('../dist/libs/profiles/standalone-database.js');
const { standaloneProfile } = await import('../dist/libs/profiles/standalone.profile.js');

/** The tenant that a server makes at its first start, so that its first key finds what was written here. */
export const tenantId = 'default';

export const noPlace = { scope: null, userId: null, agentId: null, teamId: null, conversationId: null };

const complain = (failure) => console.error(failure);

/** Opens the data folder, runs `work({ send, reader, store })` and closes it, so that a server can take it over. */
export async function withLedger(dataDir, work) {
  const configuration = {
    databaseUrl: null,
    dataDir,
    masterKey: null,
    rateLimitPerSecond: 1,
    rateLimitBurst: 1,
    model: null,
    // As the server that is started on the folder afterwards: another one would have it make its index again.
    embedder: { name: process.env.MEMORYSTACK_EMBEDDER ?? 'static' },
    embedderServer: null,
  };
  const reporting = { holdFolder: 'take', onProgress: () => undefined, onUnexpectedExit: complain };
  const database = await openStandaloneDatabase(configuration, reporting);
  try {
    await database.tenants.ensure(tenantId, 'self-hosted');
    const profile = await standaloneProfile(database, configuration, { failed: complain, note: () => undefined });
    const application = await NestFactory.createApplicationContext(writing(profile), { logger: ['error'] });
    try {
      const handler = application.get(CommandHandler, { strict: false });
      const bus = profile.commandBus((envelope) => handler.handle(envelope));
      const caller = await callerOf(application.get(Identities, { strict: false }));
      const [reader, store] = [LogReader, ReadModelStore].map((port) => application.get(port, { strict: false }));
      return await work({ send: (command) => send(bus, caller, command), reader, store });
    } finally {
      await application.close();
      await profile.close();
    }
  } finally {
    await database.close();
  }
}

/** The adapters of the profile and the part of the server that carries commands out, without HTTP and projectors. */
function writing({ providers }) {
  const exported = providers.map((provider) => provider.provide ?? provider);
  const adapters = { module: class Adapters {}, global: true, providers, exports: exported };
  return { module: class Writing {}, imports: [adapters, IngestionModule] };
}

async function callerOf(identities) {
  const project = { id: await identities.id(tenantId, 'project', ['default']), name: 'default' };
  return { tenantId, keyId: 'bench', project, team: null, agent: null, sessionId: null, boundUserId: null };
}

/** Carries out one command; throws unless it was accepted. @returns the body of its outcome */
async function send(bus, caller, command) {
  const outcome = await bus.execute({
    ...{ commandId: randomUUID(), correlationId: 'bench', caller, idempotency: null, command },
    receivedAt: new Date().toISOString(),
  });
  if (outcome.kind === 'refused') throw new Error(`${command.type} was refused: ${outcome.detail}`);
  return outcome.body;
}

export function statement(content, placement = noPlace) {
  return { type: 'LearnMemory', content, memoryType: 'fact', confidence: 0.8, placement, metadata: {} };
}

/** @param turns `{ name, role, content, saidAt }` in order */
export function conversation(turns, placement = noPlace) {
  const messages = turns.map((turn) => ({ externalId: null, ...turn }));
  return { type: 'IngestConversation', messages, placement, metadata: {} };
}
