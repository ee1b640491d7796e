import { describe, expect, it } from '@jest/globals';
import { changesOf, linkedStreams, type LoggedEvent } from './changes.js';

let version = 0;
const event = (commitid: string, type: string, data: object = {}, subject = 'memory-a'): LoggedEvent => {
  version += 1;
  const id = `${commitid}.${version}`;
  return {
    headers: { id, commitid, subject, streamversion: version },
    event: { type, data: { memoryId: 'a', ...data } },
  };
};
const history = (...events: LoggedEvent[]): LoggedEvent[] =>
  events.map(({ headers, ...rest }, index) => ({ ...rest, headers: { ...headers, streamversion: index + 1 } }));
const commits = (changes: { commitId: string }[]): string[] => changes.map(({ commitId }) => commitId);

describe('the changes of a memory', () => {
  const learned = event('c1', 'MemoryLearned');
  const revised = event('c2', 'MemoryRevised');
  const again = event('c3', 'MemoryRevised');
  const undo = (commit: string, ...undoes: LoggedEvent[]) =>
    event(commit, 'MemoryRestored', { kind: 'undo', undoes: undoes.map(({ headers }) => headers.id) });
  const redo = (commit: string, ...undoes: LoggedEvent[]) =>
    event(commit, 'MemoryRestored', { kind: 'redo', undoes: undoes.map(({ headers }) => headers.id) });

  it('stand one by one, the events of one commit together', () => {
    const twice = event('c2', 'BeliefAdjusted');
    const { done, undone } = changesOf(history(learned, revised, twice, again));
    expect(commits(done)).toEqual(['c1', 'c2', 'c3']);
    expect(done[1]).toMatchObject({ firstVersion: 2, eventIds: [revised.headers.id, twice.headers.id] });
    expect(undone).toEqual([]);
  });

  it('stand no more once they are undone, the last first', () => {
    const first = undo('u1', again);
    const { done, undone } = changesOf(history(learned, revised, again, first, undo('u2', revised, again, first)));
    expect(commits(done)).toEqual(['c1']);
    expect(commits(undone)).toEqual(['u1', 'u2']);
  });

  it('stand again once that is done again', () => {
    const undone = undo('u1', again);
    expect(commits(changesOf(history(learned, revised, again, undone, redo('r1', undone))).done)).toEqual([
      ...['c1', 'c2', 'c3'],
    ]);
  });

  it('cannot be done again after something else happened', () => {
    expect(changesOf(history(learned, revised, undo('u1', revised), again)).undone).toEqual([]);
  });
});

describe('what one change is about', () => {
  it('is the memory, what it replaced and their contradiction, and no other memory of the commit', () => {
    const events = [
      event('c', 'MemoryLearned', { memoryId: 'b', contradictionIds: ['x'] }, 'memory-b'),
      event('c', 'MemorySuperseded', { memoryId: 'a', supersededBy: 'b', contradictionId: 'x' }, 'memory-a'),
      event('c', 'ContradictionDetected', { memoryId: 'b', otherId: 'a', contradictionId: 'x' }, 'contradiction-x'),
      event('c', 'MemoryLearned', { memoryId: 'other' }, 'memory-other'),
    ];
    for (const streamId of ['memory-a', 'memory-b']) {
      expect(linkedStreams(events, streamId).sort()).toEqual(['contradiction-x', 'memory-a', 'memory-b']);
    }
    expect(linkedStreams(events, 'memory-other')).toEqual(['memory-other']);
  });

  it('is all that an undo took back', () => {
    const events = ['a', 'b'].map((id) => event('u', 'MemoryRestored', { memoryId: id }, `memory-${id}`));
    expect(linkedStreams(events, 'memory-a')).toEqual(['memory-a', 'memory-b']);
  });

  it('is nothing that the commit does not hold', () => {
    const events = [event('c', 'MemorySuperseded', { supersededBy: 'gone', contradictionId: null }, 'memory-a')];
    expect(linkedStreams(events, 'memory-a')).toEqual(['memory-a']);
  });
});
