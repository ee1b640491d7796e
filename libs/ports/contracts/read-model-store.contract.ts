import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IndexedDocument } from '../search-index.js';
import { type ReadModelChanges, type ReadModelStore, RowsRefused } from '../read-model-store.js';
import { contradictionRow, emptyChanges, episodeRow, projectedMemory, rowId, somewhere } from './read-model.fixture.js';

export interface ReadModelStoreUnderTest {
  store: ReadModelStore;
  newTenant(): Promise<string>;
  stop(): Promise<void>;
}

const at = '2026-03-01T10:00:00.000Z';

/** A change of every kind of row. */
function everyKind(): ReadModelChanges {
  const id = projectedMemory(1).id;
  const version = {
    memoryId: id,
    version: 1,
    position: 1,
    recordedAt: at,
    eventType: 'MemoryLearned',
    eventId: rowId('event', 1),
  };
  const said = { content: 'Memory 1', memoryType: 'fact', confidence: 0.8, metadata: {}, status: 'active' };
  const validity = { validFrom: null, validTo: null, supersededBy: null, evidence: { added: [] } };
  const agent = {
    id: rowId('agent', 1),
    name: 'support',
    agentType: null,
    role: null,
    personality: null,
    projectId: 'p',
  };
  const handoff = {
    id: rowId('handoff', 1),
    projectId: 'p',
    fromAgent: 'a',
    toAgent: 'b',
    sessionId: 's',
    reason: null,
  };
  return {
    ...emptyChanges(),
    memories: [projectedMemory(1), projectedMemory(2, { status: 'forgotten' })],
    versions: [{ ...version, ...said, ...validity, actor: { key: 'k' }, reason: 'user', decision: null }],
    episodes: [episodeRow(1), episodeRow(2)],
    claimSlots: [{ memoryId: rowId('memory', 1), believer: 'personal|p', subject: 'self', slot: 'residence' }],
    contradictions: [contradictionRow(1), contradictionRow(2, { settlement: 'superseded', settledAt: at })],
    projects: [{ id: 'p', name: 'default', projectId: 'p', createdPosition: 1 }],
    teams: [{ id: 't', name: 'editorial', projectId: 'p', createdPosition: 1 }],
    agents: [{ ...agent, teamId: 't', createdAt: at, createdPosition: 1 }],
    handoffs: [{ ...handoff, context: {}, recordedAt: at, createdPosition: 1 }],
    totals: { memories: 1, episodes: 2, contentBytes: 26 },
    parked: [{ position: 1, streamId: 'memory-parked', error: 'why' }],
  };
}

/** The promises of `ReadModelStore`, one test each. */
export function readModelStoreContract(name: string, start: () => Promise<ReadModelStoreUnderTest>): void {
  describe(`${name} keeps the promises of ReadModelStore`, () => {
    let subject: ReadModelStoreUnderTest;
    let store: ReadModelStore;
    let tenantId: string;
    beforeAll(async () => {
      subject = await start();
      store = subject.store;
    });
    beforeEach(async () => {
      tenantId = await subject.newTenant();
    });
    afterAll(() => subject.stop());

    /** Memories 1, 2, 3… that were learned at positions 1, 2, 3…. */
    const learning = (...numbers: number[]) => ({
      ...emptyChanges(),
      memories: numbers.map((one) => projectedMemory(one, { createdPosition: one })),
    });
    const pagesOf = async (pageSize: number): Promise<IndexedDocument[][]> => {
      const pages: IndexedDocument[][] = [];
      for await (const page of store.allDocuments(tenantId, pageSize)) pages.push(page);
      return pages;
    };

    it('starts at position 0 with nothing', async () => {
      expect(await store.checkpoint(tenantId)).toBe(0);
      expect(await store.parkedStreams(tenantId)).toEqual(new Set());
      expect(await store.memories(tenantId, [rowId('memory', 1)])).toEqual(new Map());
      expect(await pagesOf(10)).toEqual([]);
    });

    it('writes the rows and moves the checkpoint', async () => {
      expect(await store.apply(tenantId, 0, 3, everyKind())).toBe('applied');
      expect(await store.checkpoint(tenantId)).toBe(3);
      const known = await store.memories(tenantId, [rowId('memory', 1), rowId('memory', 2), rowId('memory', 9)]);
      expect([...known.values()].sort((left, right) => (left.id < right.id ? -1 : 1))).toEqual(everyKind().memories);
      expect(await store.parkedStreams(tenantId)).toEqual(new Set(['memory-parked']));
    });

    it('gives back a memory exactly as it was written, whatever it holds', async () => {
      const odd = projectedMemory(7, {
        ownership: { ...somewhere, scope: 'session', userId: 'ü', sessionId: 's', teamId: "'; --", ownerTeamId: 't' },
        content: 'Line\nbreak\ttab "quote" \\ 🙂 緑茶 \u202e',
        confidence: 0.1 + 0.2,
        metadata: { nested: { list: [1, 'two', null, { deep: true }] }, number: 1e-7, '': 'empty key', 'a.b': 0 },
        validFrom: { instant: '0099-01-01T00:00:00.000Z', precision: 'day' },
        validTo: { instant: '9999-12-31T23:59:59.999Z', precision: 'instant' },
        observedAt: '1970-01-01T00:00:00.001Z',
        updatedAt: '2026-12-31T23:59:59.999Z',
        version: 42,
        updatedPosition: 2 ** 40,
      });
      await store.apply(tenantId, 0, 1, { ...emptyChanges(), memories: [odd] });
      expect((await store.memories(tenantId, [odd.id])).get(odd.id)).toEqual(odd);
    });

    it('changes nothing by a batch that was applied before', async () => {
      await store.apply(tenantId, 0, 3, everyKind());
      const digest = await store.digest(tenantId);
      expect(await store.apply(tenantId, 0, 3, everyKind())).toBe('duplicate');
      expect(await store.apply(tenantId, 1, 2, learning(5))).toBe('duplicate');
      expect(await store.digest(tenantId)).toBe(digest);
      expect(await store.checkpoint(tenantId)).toBe(3);
    });

    it('refuses a batch that starts later than it stands, or before and ends after', async () => {
      await store.apply(tenantId, 0, 3, everyKind());
      const digest = await store.digest(tenantId);
      expect(await store.apply(tenantId, 4, 5, learning(5))).toBe('gap');
      expect(await store.apply(tenantId, 2, 5, learning(5))).toBe('gap');
      expect(await store.digest(tenantId)).toBe(digest);
      expect(await store.checkpoint(tenantId)).toBe(3);
      expect(await store.apply(tenantId, 3, 5, learning(5))).toBe('applied');
    });

    it('applies a batch once, however many try at the same time', async () => {
      const results = await Promise.all(Array.from({ length: 12 }, () => store.apply(tenantId, 0, 3, everyKind())));
      expect(results.filter((result) => result === 'applied')).toHaveLength(1);
      expect(results.filter((result) => result === 'duplicate')).toHaveLength(11);
    });

    it.each<[string, (changes: ReadModelChanges) => void]>([
      ['a NUL in metadata', ({ memories }) => (memories[0]!.metadata = { nul: '\0' })],
      ['a NUL in a content', ({ episodes }) => (episodes[1]!.content = '\0')],
      ['half a surrogate pair', ({ memories }) => (memories[1]!.content = '\ud800')],
      ['a time that is none', ({ episodes }) => (episodes[0]!.saidAt = 'at some time')],
      ['an id that is none', ({ versions }) => (versions[0]!.memoryId = 'x')],
      ['a message twice', ({ episodes }) => episodes.push(episodes[0]!)],
    ])('tells rows that it can never take as such, and writes nothing of the batch: %s', async (_name, spoil) => {
      const changes = everyKind();
      spoil(changes);
      const digest = await store.digest(tenantId);
      await expect(store.apply(tenantId, 0, 3, changes)).rejects.toBeInstanceOf(RowsRefused);
      expect(await store.checkpoint(tenantId)).toBe(0);
      expect(await store.digest(tenantId)).toBe(digest);
      expect(await store.parkedStreams(tenantId)).toEqual(new Set());
    });

    it('replaces a row of the same id, and removes what was erased with its versions', async () => {
      await store.apply(tenantId, 0, 1, everyKind());
      const changed = projectedMemory(1, { content: 'changed', version: 2, status: 'forgotten' });
      await store.apply(tenantId, 1, 2, { ...emptyChanges(), memories: [changed] });
      expect(await store.memories(tenantId, [changed.id])).toEqual(new Map([[changed.id, changed]]));
      const withMemory = await store.digest(tenantId);
      await store.apply(tenantId, 2, 3, { ...emptyChanges(), erasedMemories: [changed.id] });
      expect(await store.memories(tenantId, [changed.id])).toEqual(new Map());
      expect(await store.digest(tenantId)).not.toBe(withMemory);
    });

    it('shows a search what is there and not forgotten, by id and page by page in the order of the log', async () => {
      const memories = [3, 1, 2].map((number) => projectedMemory(number, { createdPosition: 10 - number }));
      const episodes = [1, 2, 3, 4].map((number) => episodeRow(number, { createdPosition: number < 3 ? 5 : 4 }));
      memories.push(projectedMemory(4, { status: 'forgotten' }));
      await store.apply(tenantId, 0, 1, { ...emptyChanges(), memories, episodes });
      const inOrder = ['episode 3', 'episode 4', 'episode 1', 'episode 2', 'memory 3', 'memory 2', 'memory 1'];
      const ids = inOrder.map((one) => rowId(one.split(' ')[0]!, Number(one.split(' ')[1])));
      for (const pageSize of [1, 2, 3, 7, 50]) {
        const pages = await pagesOf(pageSize);
        expect(pages.flat().map(({ id }) => id)).toEqual(ids);
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(pageSize);
      }
      const asked = [rowId('memory', 4), rowId('memory', 1), rowId('episode', 2), rowId('memory', 77)];
      const documents = await store.documents(tenantId, asked);
      expect(documents.map(({ id }) => id).sort()).toEqual([rowId('memory', 1), rowId('episode', 2)].sort());
    });

    it('gives a memory to a search with the messages that it comes from, each once', async () => {
      const [one, two] = [rowId('episode', 1), rowId('episode', 2)];
      const source = (messageId: string) => ({ messageId, externalId: null, start: 0, end: 1 });
      const [piece] = projectedMemory(1).evidence;
      const evidence = [[one], [two, one], []].map((ids, index) => ({
        ...{ ...piece!, id: rowId('evidence', index) },
        sources: ids.map(source),
      }));
      await store.apply(tenantId, 0, 1, {
        ...emptyChanges(),
        memories: [projectedMemory(1, { evidence }), projectedMemory(2)],
      });
      const documents = new Map((await pagesOf(10)).flat().map((document) => [document.id, document]));
      expect([...documents.get(rowId('memory', 1))!.sourceEpisodeIds].sort()).toEqual([one, two].sort());
      expect(documents.get(rowId('memory', 2))).toMatchObject({
        kind: 'memory',
        text: 'Memory 2',
        sourceEpisodeIds: [],
      });
    });

    it('has the same digest for the same rows after a wipe, in any number of batches, and another for any other', async () => {
      const empty = await store.digest(tenantId);
      await store.apply(tenantId, 0, 9, { ...emptyChanges(), memories: learning(1, 2, 3).memories });
      const filled = await store.digest(tenantId);
      await store.wipe(tenantId);
      expect([await store.digest(tenantId), await store.checkpoint(tenantId)]).toEqual([empty, 0]);
      await store.apply(tenantId, 0, 2, learning(2, 1));
      await store.apply(tenantId, 2, 9, learning(3));
      expect(await store.digest(tenantId)).toBe(filled);
      await store.apply(tenantId, 9, 10, {
        ...emptyChanges(),
        memories: [projectedMemory(1, { confidence: 0.8000001 })],
      });
      expect(await store.digest(tenantId)).not.toBe(filled);
    });

    it('wipes one tenant and leaves the others', async () => {
      const other = await subject.newTenant();
      for (const one of [tenantId, other]) await store.apply(one, 0, 3, everyKind());
      const digest = await store.digest(other);
      await store.wipe(tenantId);
      expect(await store.parkedStreams(tenantId)).toEqual(new Set());
      expect([await store.digest(other), await store.checkpoint(other)]).toEqual([digest, 3]);
    });
  });
}
