import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommitUnreadable, decodeCommit, encodeCommit } from './commit-codec.js';
import type { StoredCommit } from './events.js';

const commit: StoredCommit = {
  formatversion: 1,
  tenantid: 'acme',
  position: 7,
  commitid: 'c',
  commandid: 'd',
  recordedtime: '2026-03-01T10:00:00.000Z',
  reservations: { take: { 'content:1': 'm' }, expect: {}, release: ['content:2'] },
  events: [
    {
      headers: {
        specversion: '1.0',
        id: 'e',
        source: 'test',
        type: 'MemoryLearned',
        subject: 'memory-m',
        time: '2026-03-01T10:00:00.000Z',
        recordedtime: '2026-03-01T10:00:00.000Z',
        correlationid: 'r',
        causationid: 'd',
        tenantid: 'acme',
        tenantseq: 9,
        streamversion: 1,
        commitid: 'c',
        schemaversion: 1,
        datasubject: 'h',
        actor: { key: 'k', agent: null, session: null },
        reason: 'user',
        decision: null,
      },
      payload: 'AAAA',
    },
  ],
};

describe('the bytes of a commit', () => {
  it('are UTF-8 JSON that reads as the commit again', () => {
    const bytes = encodeCommit(commit);
    expect(JSON.parse(Buffer.from(bytes).toString('utf8'))).toEqual(commit);
    expect(decodeCommit(bytes)).toEqual(commit);
  });

  it('are the same for what was read from them, so that hashes stay true', () => {
    const bytes = encodeCommit(commit);
    expect(encodeCommit(decodeCommit(bytes))).toEqual(bytes);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['another format', { ...commit, formatversion: 2 }],
    ['no format', { ...commit, formatversion: undefined }],
    ['no position', { ...commit, position: null }],
    ['no events', { ...commit, events: undefined }],
    ['an event of nothing', { ...commit, events: [null] }],
    ['an event without headers', { ...commit, events: [{ payload: '' }] }],
    ['an event without a stream', { ...commit, events: [{ headers: { id: 'e', type: 't' }, payload: '' }] }],
    ['an event without a payload', { ...commit, events: [{ headers: commit.events[0]!.headers }] }],
  ])('that hold %s are refused', (_name, value) => {
    expect(() => decodeCommit(Buffer.from(JSON.stringify(value)))).toThrow(CommitUnreadable);
  });

  it('that are no UTF-8, no JSON or cut off are refused, whatever they are', () => {
    const bytes = encodeCommit(commit);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCommit(bytes.subarray(0, length))).toThrow(CommitUnreadable);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (garbage) => {
        expect(() => decodeCommit(garbage)).toThrow(CommitUnreadable);
      }),
    );
    expect(() => decodeCommit(Buffer.from(JSON.stringify(commit).replace('acme', 'ac\xffme'), 'latin1'))).toThrow(
      'UTF-8',
    );
  });
});
