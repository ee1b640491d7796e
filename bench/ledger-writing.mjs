// Fills the log of a data folder without HTTP, with the commands that the server itself would carry out.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';

const { Agents } = await import('../dist/apps/ingestion/agents.js');
const { CommandHandler } = await import('../dist/apps/ingestion/command-handler.js');
const { KnownMemories } = await import('../dist/apps/ingestion/known-memories.js');
const { Learning } = await import('../dist/apps/ingestion/learning.js');
const { Revising } = await import('../dist/apps/ingestion/revising.js');
const { InProcessCommandBus } = await import('../dist/libs/adapters/in-process/command-bus.js');
const { KeyedIdentities } = await import('../dist/libs/adapters/postgres/identities.js');
const { RulesExtractor } = await import('../dist/libs/adapters/rules/rules-extractor.js');
const { openStandaloneDatabase } = await import('../dist/libs/profiles/standalone-database.js');
const { standaloneLog } = await import('../dist/libs/profiles/standalone.profile.js');

/** The tenant that a server makes at its first start, so that its first key finds what was written here. */
export const tenantId = 'default';

export const noPlace = { scope: null, userId: null, agentId: null, teamId: null, conversationId: null };

/** Opens the data folder, runs `work({ send, reader, store })` and closes it, so that a server can take it over. */
export async function withLedger(dataDir, work) {
  const configuration = { databaseUrl: null, dataDir, masterKey: null };
  const complain = (sentence) => console.error(sentence);
  const reporting = { holdFolder: 'take', onProgress: () => undefined, onUnexpectedExit: complain };
  const database = await openStandaloneDatabase(configuration, reporting);
  try {
    await database.tenants.ensure(tenantId, 'self-hosted');
    const { writer, reader, store } = standaloneLog(database);
    const identities = new KeyedIdentities(database.keyRing);
    const known = new KnownMemories(reader, identities);
    const handler = new CommandHandler(
      new Learning(writer, reader, new RulesExtractor(), identities),
      new Revising(writer, known, identities),
      new Agents(writer, reader, identities),
    );
    const bus = new InProcessCommandBus((envelope) => handler.handle(envelope));
    const project = { id: await identities.id(tenantId, 'project', ['default']), name: 'default' };
    const caller = { tenantId, keyId: 'bench', project, team: null, agent: null, sessionId: null, boundUserId: null };
    return await work({ send: (command) => send(bus, caller, command), reader, store });
  } finally {
    await database.close();
  }
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
