import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { replayTenant } from '#libs/projections/replay.js';
import type { CommandAccepted } from '#libs/contracts/commands.js';
import { callerOf, envelopeOf, said, startTestService, statement, type TestService } from '../harness/service.js';

const everything = { and: [] };

describe('the read model', () => {
  let service: TestService;
  const caller = callerOf('acme');
  beforeAll(async () => {
    service = await startTestService(['acme', 'other']);
  });
  afterAll(() => service.stop());

  it('shows a memory to its writer as soon as the position of the write is asked for', async () => {
    const { position, body } = await service.send(caller, statement('The deploy runs on Fridays'));
    const [id] = body['memoryIds'] as string[];
    const row = await service.queries.get(caller, id!, position);
    expect(row).toMatchObject({
      content: 'The deploy runs on Fridays',
      version: 1,
      status: 'active',
      evidenceCount: 1,
    });
    expect(await service.queries.get(callerOf('other'), id!, 0)).toBeNull();
  });

  it('makes one memory of 64 parallel identical adds, with more evidence', async () => {
    const adds = await Promise.all(Array.from({ length: 64 }, () => service.send(caller, statement('Tea is at four'))));
    expect(adds.reduce((sum, { body }) => sum + (body['memoriesCreated'] as number), 0)).toBe(1);
    const ids = new Set(adds.flatMap(({ body }) => body['memoryIds'] as string[]));
    expect(ids.size).toBe(1);
    const position = Math.max(...adds.map((add) => add.position));
    expect(await service.queries.get(caller, [...ids][0]!, position)).toMatchObject({ version: 64, evidenceCount: 64 });
  });

  it('takes a repeated add for a retry, but not when what it added was deleted in between', async () => {
    const idempotency = { kind: 'window' as const, key: 'w1', requestHash: 'h1', ttlSeconds: 60 };
    const add = () => service.execute(envelopeOf(caller, statement('Said, deleted, said again'), idempotency));
    const first = (await add()) as CommandAccepted;
    expect(await add()).toMatchObject({ replayed: true, body: first.body });
    await service.send(caller, {
      type: 'ForgetMemories',
      memoryIds: first.body['memoryIds'] as string[],
      hard: true,
      single: true,
    });
    const again = (await add()) as CommandAccepted;
    expect(again).toMatchObject({ replayed: false, body: { memoriesCreated: 1 } });
    const [id] = again.body['memoryIds'] as [string];
    expect(await service.queries.get(caller, id, again.position)).toMatchObject({
      content: 'Said, deleted, said again',
    });
  });

  it('keeps the raw messages of a conversation as episodes that a search finds', async () => {
    const { position, body } = await service.send(
      caller,
      said('I love Python and prefer dark mode', 'The zebra crossed at noon'),
    );
    expect(body['memoriesCreated']).toBeGreaterThan(0);
    const query = {
      text: 'zebra',
      filter: everything,
      limit: 5,
      mode: 'hybrid' as const,
      explain: true,
      includeEpisodes: null,
    };
    const { hits } = await service.queries.search(caller, query, position);
    expect(hits[0]).toMatchObject({ sources: [expect.objectContaining({ start: 0 })] });
    expect(JSON.stringify(hits[0])).toContain('zebra');
  });

  it('revises, forgets and erases, and says so in the history', async () => {
    const { body } = await service.send(caller, statement('Soup with bread'));
    const [memoryId] = body['memoryIds'] as [string];
    await service.send(caller, { type: 'ReviseMemory', memoryId, expectedVersion: 1, content: 'Soup with rice' });
    const stale = service.send(caller, {
      type: 'ReviseMemory',
      memoryId,
      expectedVersion: 1,
      content: 'Soup with beans',
    });
    await expect(stale).rejects.toThrow('version_conflict');
    const { position } = await service.send(caller, statement('Soup with bread'));
    const history = await service.queries.history(caller, memoryId, position);
    expect(history?.versions.map(({ eventType, content }) => [eventType, content])).toEqual([
      ['MemoryLearned', 'Soup with bread'],
      ['MemoryRevised', 'Soup with rice'],
    ]);
    const forgotten = await service.send(caller, {
      type: 'ForgetMemories',
      memoryIds: [memoryId],
      hard: false,
      single: true,
    });
    expect(await service.queries.get(caller, memoryId, forgotten.position)).toBeNull();
    const erased = await service.send(caller, {
      type: 'ForgetMemories',
      memoryIds: [memoryId],
      hard: true,
      single: true,
    });
    expect(await service.queries.history(caller, memoryId, erased.position)).toBeNull();
    await expect(
      service.send(caller, { type: 'ForgetMemories', memoryIds: [memoryId], hard: true, single: true }),
    ).rejects.toThrow('not_found');
  });

  it('is the same after it was wiped and made again from the log', async () => {
    await service.follower.waitFor('acme', await service.log.headPosition('acme'), 5_000);
    const { digestBefore, digestAfter, events } = await replayTenant(
      service.log,
      service.store,
      'acme',
      () => undefined,
    );
    expect(events).toBeGreaterThan(60);
    expect(digestAfter).toBe(digestBefore);
  });
});
