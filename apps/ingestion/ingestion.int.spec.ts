import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyedIdentities } from '#libs/adapters/postgres/identities.js';
import type { Command, CommandAccepted, CommandOutcome, Idempotency } from '#libs/contracts/commands.js';
import { limits } from '#libs/domain/limits.js';
import type { SourceSpan } from '#libs/domain/memory/memory.events.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { type Extraction, Extractor, type ExtractorMessage } from '#libs/ports/extractor.js';
import type { AppendRequest, AppendResult } from '#libs/ports/log-writer.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import type { ListQuery } from '#libs/ports/memory-reader.js';
import {
  callerOf,
  envelopeOf,
  nowhere,
  said,
  startTestService,
  statement,
  type TestService,
} from '#test/harness/service.js';
import { commandHandlerOn } from '#test/harness/command-handler.js';
import type { CommandHandler } from './command-handler.js';

const everything: ListQuery = { filter: { and: [] }, order: 'asc', after: null, limit: 1_000 };

/** Several hundred statements, each compared with those before it, on a machine that does other things too. */
const longTestMs = 120_000;

describe('ingestion', () => {
  let service: TestService;
  let tenants = 0;
  beforeAll(async () => {
    service = await startTestService([]);
  });
  afterAll(() => service.stop());

  async function newCaller(more: Partial<Caller> = {}): Promise<Caller> {
    tenants += 1;
    const tenantId = `tenant-${tenants}`;
    await service.database.tenants.ensure(tenantId, 'self-hosted');
    return callerOf(tenantId, more);
  }

  /** A command handler of its own, as another process would have: nothing orders its commands with those of others. */
  function handlerOn(writer: LogWriter, extractor?: Extractor): Promise<CommandHandler> {
    const { log, reader, served, database } = service;
    const identities = new KeyedIdentities(database.keyRing);
    return commandHandlerOn({ writer, log, reader, served, identities, ...(extractor && { extractor }) });
  }

  const keyed = (key: string, requestHash = 'hash'): Idempotency => ({ kind: 'key', key, requestHash, ttlSeconds: 60 });

  async function learn(caller: Caller, content: string): Promise<string> {
    return idsOf(await service.send(caller, statement(content)))[0]!;
  }

  async function caughtUp({ tenantId }: Caller): Promise<void> {
    expect(await service.follower.waitFor(tenantId, await service.log.headPosition(tenantId), 10_000)).toBe(true);
  }

  describe('with an idempotency key', () => {
    it('has one effect and one answer for 100 concurrent requests', async () => {
      const caller = await newCaller();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => service.execute(envelopeOf(caller, statement('Only once'), keyed('k')))),
      );
      const bodies = new Set(answers.map((answer) => JSON.stringify(acceptedOf(answer).body)));
      expect(bodies.size).toBe(1);
      expect(answers.filter((answer) => !acceptedOf(answer).replayed)).toHaveLength(1);
      expect(await service.log.headPosition(caller.tenantId)).toBe(1);
      await caughtUp(caller);
      expect(await service.reader.totals(caller.tenantId)).toMatchObject({ memories: 1 });
    });

    it('refuses another body, and takes the same body under another key', async () => {
      const caller = await newCaller();
      const send = (content: string, idempotency: Idempotency) =>
        service.execute(envelopeOf(caller, statement(content), idempotency));
      expect(await send('First', keyed('one', 'a'))).toMatchObject({ kind: 'accepted', replayed: false });
      expect(await send('Second', keyed('one', 'b'))).toMatchObject({ code: 'idempotency_mismatch' });
      expect(await send('First', keyed('one', 'a'))).toMatchObject({ kind: 'accepted', replayed: true });
      expect(await send('Second', keyed('two', 'b'))).toMatchObject({ kind: 'accepted', replayed: false });
      expect(await service.log.headPosition(caller.tenantId)).toBe(2);
    });

    it('is known to its own tenant alone', async () => {
      for (const caller of [await newCaller(), await newCaller()]) {
        const outcome = await service.execute(
          envelopeOf(caller, statement('Shared key'), keyed('shared', caller.tenantId)),
        );
        expect(outcome).toMatchObject({ kind: 'accepted', replayed: false });
      }
    });

    it.each<[string, (id: string) => Command]>([
      ['a revision', (memoryId) => ({ type: 'ReviseMemory', memoryId, expectedVersion: 1, content: 'Changed' })],
      ['a deletion', (id) => ({ type: 'ForgetMemories', memoryIds: [id], hard: true, single: true })],
    ])(
      'answers the retry of %s as its first run was, though the memory is another by then',
      async (_name, commandOf) => {
        const caller = await newCaller();
        const command = commandOf(await learn(caller, 'To be changed'));
        const first = await service.execute(envelopeOf(caller, command, keyed('change')));
        const second = await service.execute(envelopeOf(caller, command, keyed('change')));
        expect(second).toEqual({ ...acceptedOf(first), replayed: true });
        expect(await service.log.headPosition(caller.tenantId)).toBe(2);
      },
    );
  });

  describe('a conversation', () => {
    const filler = 'and so on and so forth '.repeat(350);
    const long = said(...Array.from({ length: 100 }, (_, index) => `I like dish number ${index}. ${filler}`));

    it(
      'too large for one commit is split between messages, and is one conversation',
      async () => {
        const caller = await newCaller();
        const outcome = await service.send(caller, long);
        await caughtUp(caller);
        expect(await service.log.headPosition(caller.tenantId)).toBeGreaterThan(1);
        const episodes = await service.reader.listEpisodes(caller.tenantId, everything);
        expect(inOrder(episodes)).toEqual(contentsOf(long));
        expect(new Set(episodes.map(({ conversationId }) => conversationId))).toEqual(
          new Set([outcome.body['conversationId']]),
        );
        expect(idsOf(outcome)).toHaveLength(outcome.body['memoriesCreated'] as number);
        expect(await service.reader.totals(caller.tenantId)).toMatchObject({
          memories: idsOf(outcome).length,
          episodes: 100,
        });
      },
      longTestMs,
    );

    it(
      'that was cut off half-way is finished by its retry, without a double and in the same conversation',
      async () => {
        const caller = await newCaller();
        const unbroken = await newCaller();
        const whole = await service.send(unbroken, long);
        const flaky = await handlerOn(new FailingOnce(service.writer, 2));
        await expect(flaky.handle(envelopeOf(caller, long, keyed('long')))).rejects.toThrow('connection lost');
        expect(await service.log.headPosition(caller.tenantId)).toBe(1);
        const retried = acceptedOf(await flaky.handle(envelopeOf(caller, long, keyed('long'))));
        const again = acceptedOf(await flaky.handle(envelopeOf(caller, long, keyed('long'))));
        expect(again).toEqual({ ...retried, replayed: true });
        await caughtUp(caller);
        const episodes = await service.reader.listEpisodes(caller.tenantId, everything);
        expect(inOrder(episodes)).toEqual(contentsOf(long));
        expect(new Set(episodes.map(({ conversationId }) => conversationId)).size).toBe(1);
        expect(retried.body['conversationId']).toBe(episodes[0]!.conversationId);
        expect(retried.body['memoriesCreated']).toBe(whole.body['memoriesCreated']);
        expect(await service.reader.totals(caller.tenantId)).toMatchObject({
          memories: idsOf(whole).length,
          episodes: 100,
        });
      },
      longTestMs,
    );

    it(
      'may hold more memories in one message than a commit holds events',
      async () => {
        const caller = await newCaller();
        const count = limits.eventsPerCommit + 50;
        const sentences = Array.from({ length: count }, (_, index) => `I like dish number ${index}.`);
        const handler = await handlerOn(service.writer, new EverySentence());
        const outcome = acceptedOf(await handler.handle(envelopeOf(caller, said(sentences.join(' '), 'And so on.'))));
        expect(idsOf(outcome)).toHaveLength(count + 1);
        await caughtUp(caller);
        const memories = await service.reader.memories(caller.tenantId, idsOf(outcome));
        expect(memories).toHaveLength(idsOf(outcome).length);
        const episodes = await service.reader.listEpisodes(caller.tenantId, everything);
        const spoken = new Map(episodes.map(({ id, content }) => [id, content]));
        expect(spoken.size).toBe(2);
        for (const { sources, content } of memories) {
          const [{ messageId, start, end }] = sources as [SourceSpan];
          expect(spoken.get(messageId)?.slice(start, end)).toBe(content);
        }
      },
      longTestMs,
    );

    it('that says the same twice makes one memory with two pieces of evidence', async () => {
      const caller = await newCaller();
      const outcome = await service.send(caller, said('I like green tea.', 'I like green tea!'));
      expect(outcome.body).toMatchObject({ memoriesCreated: 1 });
      await caughtUp(caller);
      const [memory] = await service.reader.memories(caller.tenantId, idsOf(outcome));
      expect(memory).toMatchObject({ evidenceCount: 2, version: 2 });
      expect(new Set(memory!.sources.map(({ messageId }) => messageId)).size).toBe(2);
    });
  });

  describe('what was said before', () => {
    it('may be learned again after it was forgotten or erased, as a new memory', async () => {
      const caller = await newCaller();
      const ids: string[] = [];
      for (const hard of [false, true]) {
        const id = await learn(caller, 'The gate is open');
        ids.push(id);
        await service.send(caller, { type: 'ForgetMemories', memoryIds: [id], hard, single: true });
      }
      ids.push(await learn(caller, 'The gate is open'));
      expect(new Set(ids).size).toBe(3);
    });

    it('may not be what another memory is revised to; the caller is told which says it', async () => {
      const caller = await newCaller();
      const [tea, coffee] = [await learn(caller, 'Tea at four'), await learn(caller, 'Coffee at four')];
      const revise = (memoryId: string, content: string) =>
        service.execute(envelopeOf(caller, { type: 'ReviseMemory', memoryId, expectedVersion: null, content }));
      expect(await revise(coffee, 'TEA at four.')).toMatchObject({
        code: 'content_conflict',
        facts: { memory_id: tea },
      });
      expect(await revise(tea, 'TEA at four.')).toMatchObject({ kind: 'accepted' });
      expect(await revise(tea, 'Tea at five')).toMatchObject({ kind: 'accepted' });
      expect(await revise(coffee, 'Tea at four')).toMatchObject({ kind: 'accepted' });
    });

    it('is the same memory for a team and another one for another owner', async () => {
      const caller = await newCaller({ team: { id: 'team-1', name: 'editorial' } });
      const other: Caller = { ...caller, agent: { id: uuid(9), name: 'other', type: null } };
      const inScope = (scope: 'team' | 'personal') =>
        statement('Deadline is noon', { placement: { ...nowhere, scope } });
      const shared = [await service.send(caller, inScope('team')), await service.send(other, inScope('team'))];
      expect(idsOf(shared[0]!)).toEqual(idsOf(shared[1]!));
      const own = [await service.send(caller, inScope('personal')), await service.send(other, inScope('personal'))];
      expect(new Set([...shared, ...own].flatMap(idsOf)).size).toBe(3);
    });
  });

  describe('in parallel', () => {
    it('loses no revision, whoever else revises at the same time', async () => {
      const caller = await newCaller();
      const memoryId = await learn(caller, 'Shared notes');
      const processes = [await handlerOn(service.writer), await handlerOn(service.writer)];
      const revisers = Array.from({ length: 12 }, async (_, index) => {
        for (;;) {
          const { metadata, version } = await current(caller, memoryId);
          const change = { metadata: { ...metadata, [`note ${index}`]: true }, expectedVersion: version };
          const outcome = await processes[index % 2]!.handle(
            envelopeOf(caller, { type: 'ReviseMemory', memoryId, ...change }),
          );
          if (outcome.kind === 'accepted') return;
          expect(['version_conflict', 'overloaded']).toContain(outcome.code);
        }
      });
      await Promise.all(revisers);
      const { metadata, version } = await current(caller, memoryId);
      expect(Object.keys(metadata)).toHaveLength(12);
      expect(version).toBe(13);
    });

    async function current({ tenantId }: Caller, memoryId: string) {
      const events = await service.log.stream(tenantId, `memory-${memoryId}`);
      const last = events.findLast(({ event }) => event.type === 'MemoryRevised')?.event.data;
      const metadata = last !== null && last !== undefined && 'metadata' in last ? last.metadata : {};
      return { metadata: metadata ?? {}, version: events.length };
    }

    it('forgets a memory once', async () => {
      const caller = await newCaller();
      const memoryId = await learn(caller, 'To be forgotten by many');
      const processes = [await handlerOn(service.writer), await handlerOn(service.writer)];
      const forget: Command = { type: 'ForgetMemories', memoryIds: [memoryId], hard: false, single: true };
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) => processes[index % 2]!.handle(envelopeOf(caller, forget))),
      );
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
      for (const outcome of outcomes) if (outcome.kind === 'refused') expect(outcome.code).toBe('not_found');
    });

    it('registers an agent once, with 32 first writes at the same time', async () => {
      const agent = { id: uuid(7), name: 'support', type: 'bot' };
      const caller = await newCaller({ agent });
      const processes = [await handlerOn(service.writer), await handlerOn(service.writer)];
      const outcomes = await Promise.all(
        Array.from({ length: 32 }, (_, index) =>
          processes[index % 2]!.handle(envelopeOf(caller, statement(`Fact ${index}`))),
        ),
      );
      expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
      expect(await service.log.stream(caller.tenantId, `agent-${agent.id}`)).toHaveLength(1);
      await caughtUp(caller);
      expect(await service.reader.totals(caller.tenantId)).toMatchObject({ memories: 32 });
      const agents = await service.reader.listAgents(caller.tenantId, { projectId: null, after: null, limit: 10 });
      expect(agents).toMatchObject([{ id: agent.id, name: 'support', agentType: 'bot', projectName: 'default' }]);
    });

    it('makes one memory of the same sentence in many conversations and statements at once', async () => {
      const caller = await newCaller();
      const commands = Array.from({ length: 24 }, (_, index) =>
        said(index % 2 === 0 ? 'I like green tea.' : 'Hello there. I like green tea!'),
      );
      const processes = [await handlerOn(service.writer), await handlerOn(service.writer)];
      const outcomes = await Promise.all(
        commands.map((command, index) => processes[index % 2]!.handle(envelopeOf(caller, command))),
      );
      const ids = new Set(outcomes.flatMap((outcome) => idsOf(acceptedOf(outcome))));
      expect(ids.size).toBe(1);
      await caughtUp(caller);
      expect(await service.reader.memory(caller.tenantId, [...ids][0]!)).toMatchObject({ evidenceCount: 24 });
    });
  });

  it.each([
    ['team', 'team_name'],
    ['session', 'session_id'],
  ] as const)('refuses scope=%s from a caller without one, and says what to send', async (scope, field) => {
    const caller = await newCaller();
    const outcome = await service.execute(envelopeOf(caller, statement('x', { placement: { ...nowhere, scope } })));
    expect(outcome).toMatchObject({ code: 'validation_failed', detail: expect.stringContaining(field) });
  });

  it('refuses what no commit can hold, and writes nothing', async () => {
    const caller = await newCaller();
    const outcome = await service.execute(envelopeOf(caller, statement('界'.repeat(limits.contentLength))));
    expect(outcome).toMatchObject({ code: 'payload_too_large' });
    expect(await service.log.headPosition(caller.tenantId)).toBe(0);
  });
});

/** Lets appends through, except that the one of number `failing` (from 1) fails once. */
class FailingOnce extends LogWriter {
  private appends = 0;

  constructor(
    private readonly writer: LogWriter,
    private readonly failing: number,
  ) {
    super();
  }

  override append(request: AppendRequest): Promise<AppendResult> {
    this.appends += 1;
    return this.appends === this.failing ? Promise.reject(new Error('connection lost')) : this.writer.append(request);
  }
}

/** Takes every sentence for a memory. */
class EverySentence extends Extractor {
  override async extract(messages: readonly ExtractorMessage[]): Promise<Extraction> {
    const memories = messages.flatMap(({ text }, messageIndex) =>
      [...text.matchAll(/[^.]+\./g)].map(({ 0: sentence, index }) => ({
        text: sentence,
        memoryType: 'fact',
        confidence: 1,
        modality: 'asserted' as const,
        validFrom: null,
        validTo: null,
        source: { messageIndex, start: index, end: index + sentence.length },
        ruleId: 'every.sentence',
      })),
    );
    return { memories, extractorVersion: 'every-sentence-1' };
  }
}

function acceptedOf(outcome: CommandOutcome): CommandAccepted {
  if (outcome.kind === 'refused') throw new Error(`${outcome.code}: ${outcome.detail}`);
  return outcome;
}

function idsOf({ body }: CommandAccepted): string[] {
  return body['memoryIds'] as string[];
}

function contentsOf(command: Command): string[] {
  return command.type === 'IngestConversation' ? command.messages.map(({ content }) => content) : [];
}

function inOrder(episodes: { ordinal: number; content: string }[]): string[] {
  return [...episodes].sort((left, right) => left.ordinal - right.ordinal).map(({ content }) => content);
}

function uuid(digit: number): string {
  return `00000000-0000-4000-8000-00000000000${digit}`;
}
