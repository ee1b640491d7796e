import type { StoredCommit, StoredEvent } from './events.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The bytes of a commit: UTF-8 JSON. They are hashed, stored and relayed as they are and never written again. */
export function encodeCommit(commit: StoredCommit): Uint8Array {
  return encoder.encode(JSON.stringify(commit));
}

/** Reads stored bytes. Throws `CommitUnreadable` on anything that is not a commit of a known format. */
export function decodeCommit(bytes: Uint8Array): StoredCommit {
  let commit: StoredCommit;
  try {
    commit = JSON.parse(decoder.decode(bytes)) as StoredCommit;
  } catch (error) {
    throw new CommitUnreadable('not UTF-8 JSON', { cause: error });
  }
  if (commit?.formatversion !== 1) throw new CommitUnreadable(`format version ${String(commit?.formatversion)}`);
  if (!Array.isArray(commit.events) || !Number.isSafeInteger(commit.position)) throw new CommitUnreadable('incomplete');
  if (!commit.events.every(isStoredEvent)) throw new CommitUnreadable('an event without headers or payload');
  return commit;
}

/** What it takes to tell the stream of an event and to try its key; the rest is read when it is opened. */
function isStoredEvent(event: Partial<StoredEvent> | null): boolean {
  const { subject, id, type } = event?.headers ?? {};
  return [subject, id, type, event?.payload].every((text) => typeof text === 'string');
}

export class CommitUnreadable extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`The commit cannot be read: ${why}.`, options);
    this.name = 'CommitUnreadable';
  }
}
