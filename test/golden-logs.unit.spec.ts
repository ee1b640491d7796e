import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { open } from '#libs/adapters/postgres/payload-cipher.js';
import { decodeCommit, encodeCommit } from '#libs/contracts/commit-codec.js';
import { type RecordedEvent, schemaVersions, type StoredEvent } from '#libs/contracts/events.js';
import { upcast } from '#libs/contracts/upcasters.js';
import type { FollowedCommit } from '#libs/ports/log-reader.js';
import { projectCommits } from '#libs/projections/read-model.js';

const folder = new URL('./golden-logs/', import.meta.url);
const read = (path: string): Buffer => readFileSync(new URL(path, folder));
const versions = readdirSync(folder).filter((name) => /^v\d+$/.test(name));

function linesOf(version: string): Buffer[] {
  const lines = read(`${version}/commits.jsonl`).toString('utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => Buffer.from(line));
}

function opened({ headers, payload }: StoredEvent, keys: Readonly<Record<string, string>>): RecordedEvent {
  const key = keys[headers.subject];
  if (key === undefined) return { headers, event: { type: headers.type, data: null } };
  const data: unknown = JSON.parse(
    open(Buffer.from(key, 'hex'), Buffer.from(payload, 'base64'), headers.id).toString(),
  );
  return { headers, event: upcast(headers.type, headers.schemaversion, data) };
}

/** The log of a release, as its followers read it. */
function followed(version: string): FollowedCommit[] {
  const keys = JSON.parse(read(`${version}/keys.json`).toString()) as Record<string, string>;
  return linesOf(version).map((line) => {
    const { tenantid: tenantId, position, recordedtime: recordedTime, events } = decodeCommit(line);
    return {
      kind: 'commit',
      commit: { tenantId, position, recordedTime, events: events.map((event) => opened(event, keys)) },
    };
  });
}

describe.each(versions)('the golden log %s', (version) => {
  it('folds to the same read model as on the day it was written', () => {
    const state = projectCommits(followed(version), new Map(), new Set());
    // Later releases may know more of the same events, never something else.
    expect(JSON.parse(JSON.stringify(state))).toMatchObject(
      JSON.parse(read(`${version}/state.json`).toString()) as object,
    );
  });

  it('is written byte for byte as it was, when it is written again', () => {
    for (const line of linesOf(version)) expect(Buffer.from(encodeCommit(decodeCommit(line)))).toEqual(line);
  });

  it('has a stream that nobody can read, and whose key is nowhere', () => {
    const unreadable = followed(version).flatMap((one) =>
      one.kind === 'commit' ? one.commit.events.filter(({ event }) => event.data === null) : [],
    );
    expect(unreadable.map(({ headers }) => headers.type)).toEqual(['MemoryLearned', 'MemoryErased']);
  });
});

describe('the golden logs', () => {
  it('hold every type of event in every schema version', () => {
    const told = new Set(
      versions.flatMap((version) =>
        linesOf(version).flatMap((line) =>
          decodeCommit(line).events.map(({ headers }) => `${headers.type} ${headers.schemaversion}`),
        ),
      ),
    );
    const wanted = Object.entries(schemaVersions).flatMap(([type, newest]) =>
      Array.from({ length: newest }, (_, index) => `${type} ${index + 1}`),
    );
    // A new event or schema version needs a new golden log: node tools/golden-log.mjs v<n>
    expect([...told].sort()).toEqual(wanted.sort());
  });

  it('are the files that were released: none changed, none missing, none added on the side', () => {
    const hashes = versions.flatMap((version) =>
      readdirSync(new URL(`${version}/`, folder)).map((name) => {
        const hash = createHash('sha256')
          .update(read(`${version}/${name}`))
          .digest('hex');
        return `${hash}  ${version}/${name}`;
      }),
    );
    const released = read('SHA256SUMS').toString().trim().split('\n');
    expect(hashes.sort()).toEqual(released.sort());
    // The list itself is only added to: these lines were there when the version was released.
    expect(released).toEqual(expect.arrayContaining(releasedOnceAndForAll));
  });
});

const releasedOnceAndForAll = [
  '3c16e13abec68a931a3ee6db25e61b932c2d6fba45b262bf9cb94582a61e28a6  v1/commits.jsonl',
  '54dd000c3060a7654a78035da2f1a5f3379b2a575f2caeb9adb6d804e53be709  v1/keys.json',
  '94dbf9da82eebebae8f99b4425402a1eb7d42e1a35030c222b61402007b61723  v1/state.json',
];
