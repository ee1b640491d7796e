import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FollowedCommit } from '#libs/ports/log-reader.js';
import type { ProjectedMemory, ReadModelChanges } from '#libs/ports/read-model-store.js';
import { contradiction, conversation, memory, TestLog, type TestEvent } from './commits.fixture.js';
import { projectCommits, touchedMemories } from './read-model.js';

const a = memory('a');
const b = memory('b');
const c = memory('c');

/** A read model in memory: batches are applied to it as a store would. */
class Applied {
  readonly memories = new Map<string, ProjectedMemory>();
  readonly parked = new Set<string>();
  readonly parkedAt: string[] = [];
  readonly versions: ReadModelChanges['versions'] = [];
  readonly episodes: ReadModelChanges['episodes'] = [];
  readonly totals = { memories: 0, episodes: 0, contentBytes: 0 };

  apply(commits: readonly FollowedCommit[]): this {
    const wanted = touchedMemories(commits);
    const known = new Map([...this.memories].filter(([id]) => wanted.includes(id)));
    const changes = projectCommits(commits, known, this.parked);
    for (const row of changes.memories) this.memories.set(row.id, row);
    this.versions.push(...changes.versions);
    for (const id of changes.erasedMemories) {
      this.memories.delete(id);
      this.versions.splice(0, Infinity, ...this.versions.filter((version) => version.memoryId !== id));
    }
    this.episodes.push(...changes.episodes);
    for (const field of ['memories', 'episodes', 'contentBytes'] as const) this.totals[field] += changes.totals[field];
    for (const { position, streamId } of changes.parked) {
      this.parked.add(streamId);
      this.parkedAt.push(`${position} ${streamId}`);
    }
    return this;
  }

  /** Everything, in an order of its own. */
  digest(): unknown {
    const { memories, versions, episodes, totals, parkedAt } = this;
    return {
      memories: [...memories.values()].sort((x, y) => (x.id < y.id ? -1 : 1)),
      versions,
      episodes,
      totals,
      parkedAt,
    };
  }
}

const applied = (log: TestLog) => new Applied().apply(log.commits);

describe('the read model of a log', () => {
  it('holds each memory as its events leave it, and where in the log it began and changed last', () => {
    const model = applied(
      new TestLog().commit(a.learned()).commit(b.learned()).commit(a.revised('new'), a.reinforced('x')),
    );
    expect(model.memories.get('a')).toMatchObject({
      content: 'new',
      version: 3,
      createdPosition: 1,
      updatedPosition: 3,
      createdAt: '2026-03-01T10:00:01.000Z',
      updatedAt: '2026-03-01T10:00:03.000Z',
    });
    expect(model.versions.filter(({ memoryId }) => memoryId === 'a')).toMatchObject([
      { version: 1, position: 1, eventType: 'MemoryLearned', content: 'What a says', status: 'active' },
      { version: 2, position: 3, eventType: 'MemoryRevised', content: 'new' },
      { version: 3, position: 3, eventType: 'MemoryReinforced', content: 'new' },
    ]);
  });

  it('counts active memories and messages, and their bytes in UTF-8', () => {
    const log = new TestLog().commit(conversation('äöü', 'x'), a.learned('é'), b.learned('bb'));
    expect(applied(log).totals).toEqual({ memories: 2, episodes: 2, contentBytes: 6 + 1 + 2 + 2 });
    log.commit(a.revised('eee')).commit(b.forgotten());
    expect(applied(log).totals).toEqual({ memories: 1, episodes: 2, contentBytes: 6 + 1 + 3 });
    log.commit(a.erased(), b.erased());
    expect(applied(log).totals).toEqual({ memories: 0, episodes: 2, contentBytes: 7 });
  });

  it('keeps the messages of a conversation in their order, also over several commits', () => {
    const { episodes } = applied(
      new TestLog().commit(conversation('one', 'two')).commit(a.learned()).commit(conversation('three')),
    );
    const inOrder = [...episodes].sort((left, right) => left.ordinal - right.ordinal);
    expect(inOrder.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
    expect(new Set(episodes.map(({ ordinal }) => ordinal)).size).toBe(3);
    expect(episodes[0]).toMatchObject({ conversationId: 'c', externalId: '0', metadata: { from: 'chat' } });
  });

  it('has nothing of an erased memory, whether it saw its text or only the log after its key was destroyed', () => {
    const live = new TestLog().commit(a.learned()).commit(b.learned()).commit(a.revised('x')).commit(a.erased());
    const replayed = new TestLog()
      .commit(a.unreadable('MemoryLearned'))
      .commit(b.learned())
      .commit(a.unreadable('MemoryRevised'))
      .commit(a.erased());
    expect(applied(live).digest()).toEqual(applied(replayed).digest());
    expect([...applied(live).memories.keys()]).toEqual(['b']);
    expect(applied(live).versions.map(({ memoryId }) => memoryId)).toEqual(['b']);
  });

  it('has nothing of an erased contradiction, whether or not its reader still has the key that was destroyed', () => {
    const found = contradiction('x', 'a', 'b');
    const asItHappened = new TestLog()
      .commit(a.learned(), b.learned(), found.detected())
      .commit(a.erased(), found.erased());
    const replayed = new TestLog()
      .commit(a.unreadable('MemoryLearned'), b.learned(), found.unreadable('ContradictionDetected'))
      .commit(a.erased(), found.unreadable('ContradictionErased'));
    for (const { commits } of [asItHappened, replayed]) {
      expect(projectCommits(commits, new Map(), new Set())).toMatchObject({
        contradictions: [],
        settledContradictions: [],
        erasedContradictions: ['x'],
      });
    }
  });
});

describe('what cannot be folded', () => {
  it('parks every stream of its commit, what follows on them is parked behind, everything else goes on', () => {
    const log = new TestLog()
      .commit(a.learned(), b.learned())
      .unreadable(a.stream)
      .commit(a.revised('behind'), b.revised('behind too'))
      .commit(b.revised('behind b'))
      .commit(c.learned());
    const model = applied(log);
    expect(model.parkedAt).toEqual(['2 memory-a', '3 memory-a', '3 memory-b', '4 memory-b']);
    expect([...model.memories.values()].map(({ id, content }) => [id, content])).toEqual([
      ['a', 'What a says'],
      ['b', 'What b says'],
      ['c', 'What c says'],
    ]);
    expect(model.totals.memories).toBe(3);
  });

  it('holds back the later messages of its conversation, which nothing else would miss', () => {
    const log = new TestLog()
      .commit(conversation('one'))
      .unreadable('session-c')
      .commit(conversation('three'), a.learned());
    const model = applied(log);
    expect(model.parkedAt).toEqual(['2 session-c', '3 session-c', '3 memory-a']);
    expect(model.episodes.map(({ content }) => content)).toEqual(['one']);
    expect([...model.memories.keys()]).toEqual([]);
  });

  it('takes nothing of a commit of which a part cannot be folded', () => {
    const log = new TestLog().commit(a.learned()).commit(conversation('x'), b.learned(), a.revised('y'), a.learned());
    const model = applied(log);
    expect(model.parkedAt).toEqual(['2 session-c', '2 memory-b', '2 memory-a']);
    expect([...model.memories.keys()]).toEqual(['a']);
    expect(model.memories.get('a')).toMatchObject({ version: 1, content: 'What a says' });
    expect(model.versions).toHaveLength(1);
    expect(model.totals).toEqual({ memories: 1, episodes: 0, contentBytes: 11 });
  });

  it('is parked under its position when it cannot even be told whose it is', () => {
    expect(applied(new TestLog().unreadable()).parkedAt).toEqual(['1 commit-1']);
  });

  it('is noticed on a stream that lost an event, instead of folding over the hole', () => {
    const log = new TestLog().commit(a.learned()).unreadable().lose(a.stream).commit(a.revised('after the hole'));
    const model = applied(log);
    expect(model.parkedAt).toEqual(['2 commit-2', '3 memory-a']);
    expect(model.memories.get('a')).toMatchObject({ version: 1 });
  });

  it('never keeps a memory from being erased', () => {
    const log = new TestLog().commit(a.learned(), b.learned()).unreadable(a.stream).commit(a.erased(), b.erased());
    const model = applied(log);
    expect([...model.memories.keys()]).toEqual([]);
    expect(model.versions).toEqual([]);
    expect(model.totals).toEqual({ memories: 0, episodes: 0, contentBytes: 0 });
    expect(model.parkedAt).toEqual(['2 memory-a']);
  });
});

describe('batches', () => {
  const names = ['a', 'b', 'c'].map(memory);
  const change = fc.tuple(
    fc.constantFrom(...names),
    fc.constantFrom('revised', 'reinforced', 'forgotten', 'erased'),
    fc.nat({ max: 9 }),
  );
  const commits = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom<'unreadable'>('unreadable') },
    ),
    { maxLength: 25 },
  );

  /**
   * A log that begins with three memories; what cannot be folded parks streams, which is part of the test. Nothing
   * follows an erasure: the writer finds no memory there.
   */
  function logOf(parts: readonly ([typeof a, string, number][] | 'unreadable')[]): TestLog {
    const log = new TestLog().commit(a.learned(), conversation('hello')).commit(b.learned(), c.learned());
    const erased = new Set<string>();
    for (const part of parts) {
      const events = part === 'unreadable' ? [] : part.filter(([{ stream }]) => !erased.has(stream));
      const first = events.findIndex(([, kind]) => kind === 'erased');
      const taken = first === -1 ? events : [events[first]!];
      for (const [{ stream }, kind] of taken) if (kind === 'erased') erased.add(stream);
      if (part === 'unreadable') log.unreadable(b.stream);
      else if (taken.length > 0) log.commit(...taken.map(eventOf));
    }
    return log;
  }

  function eventOf([of, kind, number]: [typeof a, string, number]): [string, TestEvent] {
    if (kind === 'revised') return of.revised(`content ${number}`);
    if (kind === 'reinforced') return of.reinforced(`evidence ${number}`);
    return kind === 'forgotten' ? of.forgotten() : of.erased();
  }

  it('of any size give the same read model', () => {
    fc.assert(
      fc.property(commits, fc.infiniteStream(fc.integer({ min: 1, max: 6 })), (parts, sizes) => {
        const log = logOf(parts);
        const model = new Applied();
        for (let from = 0; from < log.commits.length;) {
          const size = sizes.next().value!;
          model.apply(log.commits.slice(from, from + size));
          from += size;
        }
        expect(model.digest()).toEqual(applied(log).digest());
      }),
      { numRuns: 300 },
    );
  });

  it('name the rows that they need: those they touch and did not begin', () => {
    const { commits: all } = new TestLog()
      .commit(a.learned())
      .commit(b.learned(), conversation('x'))
      .commit(a.revised('x'), a.revised('y'))
      .commit(b.reinforced('z'));
    expect(touchedMemories(all)).toEqual([]);
    expect(touchedMemories(all.slice(1))).toEqual(['a']);
    expect(touchedMemories(all.slice(2))).toEqual(['a', 'b']);
  });
});
