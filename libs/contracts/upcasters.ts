import { type DomainEvent, type EventType, schemaVersions } from './events.js';

type Upcaster = (data: unknown) => unknown;

/**
 * Lifts of old payloads, per type, by the schema version that they start from: `MemoryLearned: { 1: (v1) => v2 }`.
 * Pure, and never removed: stored bytes are not edited, so the first release's events must fold for ever.
 */
const upcasters: Partial<Record<EventType, Record<number, Upcaster>>> = {};

/** The shapes that a release knows: the newest version of each type, and the way there from older ones. */
export interface KnownShapes {
  newest: Readonly<Record<string, number>>;
  lifts: Readonly<Record<string, Readonly<Record<number, Upcaster>> | undefined>>;
}

const thisRelease: KnownShapes = { newest: schemaVersions, lifts: upcasters };

/**
 * The event of a stored payload, in the newest shape. Throws `EventUnknown` for a type or version that this release
 * does not know: the follower parks the stream instead of guessing.
 */
export function upcast(type: string, schemaVersion: number, data: unknown, known = thisRelease): DomainEvent {
  const newest = Object.hasOwn(known.newest, type) ? known.newest[type]! : 0;
  const isKnown = Number.isSafeInteger(schemaVersion) && schemaVersion >= 1 && schemaVersion <= newest;
  if (!isKnown) throw new EventUnknown(type, schemaVersion);
  let lifted = data;
  for (let version = schemaVersion; version < newest; version += 1) {
    const lift = known.lifts[type]?.[version];
    if (!lift) throw new EventUnknown(type, version);
    lifted = lift(lifted);
  }
  return { type, data: lifted } as DomainEvent;
}

export class EventUnknown extends Error {
  constructor(type: string, schemaVersion: number) {
    super(`This release does not know ${type} in schema version ${schemaVersion}; a newer one may have written it.`);
    this.name = 'EventUnknown';
  }
}
