import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '#libs/contracts/events.js';
import type { Claim } from '#libs/domain/belief/claim.js';
import type { MemoryEvent, MemoryImported, MemoryLearned } from '#libs/domain/memory/memory.events.js';
import { CANDIDATES_BY_SLOT } from '#libs/beliefs/neighbours.js';
import { believerKey } from '#libs/domain/scope/ownership.js';
import type { NearMemory } from '#libs/ports/memory-reader.js';
import { LogReader } from '#libs/ports/log-reader.js';
import type { NewEvent } from '#libs/ports/log-writer.js';

/** That a commit said something about a slot. */
interface Said {
  position: number;
  memoryId: string;
  /** Null where the event does not tell; then its memory does. */
  believer: string | null;
  /** The memory as the event has it, where it has all of it and is no longer than most. */
  row: NearMemory | null;
}

/** A memory that said something lately; its row where that is known without reading its stream. */
export type Recent = Pick<Said, 'memoryId' | 'row'>;

type Slot = Pick<Claim, 'subject' | 'slot'>;

/** What one tenant's log said lately: from `from` (exclusive) to `to`. */
interface Tail {
  from: number;
  to: number;
  /** By subject and slot, in the order of the log. */
  said: Map<string, Said[]>;
  count: number;
  reading: Promise<void> | null;
  next: Promise<void> | null;
}

const COMMITS_PER_READ = 500;
/** Characters of a text that is kept. */
const TEXT_MAX = 2_000;
/** Beyond this, what the read model has by now is dropped. */
const SAID_MAX = 4_000;

/** A stretch of the log, from `after` (exclusive) to `upTo`; null: to the end that it has now. */
export interface Stretch {
  after: number;
  upTo: number | null;
}

/** The claims of the commits that the read model has not reached yet; each commit is read once, if it came from elsewhere. */
@Injectable()
export class RecentClaims {
  private readonly tails = new LRUCache<string, Tail>({ max: 1_000 });

  constructor(private readonly log: LogReader) {}

  /** A commit of this process, so that nobody has to read it from the log. */
  appended(tenantId: string, position: number, events: readonly NewEvent[]): void {
    const tail = this.tails.peek(tenantId);
    // After a gap, a read fills it, this commit included.
    if (tail?.to === position - 1) remember(tail, position, events);
  }

  /**
   * Memories of which a commit of `stretch`, or after it, said something about one of `slots`; those of `believer`, and
   * perhaps some of others. The latest first, then by id, as the read model gives them; of each slot
   * about `CANDIDATES_BY_SLOT`, so that a read model that is far behind makes no write slow.
   */
  async memoriesAbout(
    tenantId: string,
    { after: position, upTo }: Stretch,
    believer: string,
    slots: readonly Slot[],
  ): Promise<Recent[]> {
    if (slots.length === 0) return [];
    const tail = this.tailFrom(tenantId, position);
    if (upTo === null || tail.to < upTo) await this.toTheEnd(tenantId, tail);
    const lately = slots.flatMap((slot) => {
      const all = tail.said.get(keyOf(slot)) ?? [];
      const said = all.filter((one) => one.position > position && (one.believer ?? believer) === believer);
      // Whole commits: which of a commit are taken is decided by their ids, as it is among rows.
      const from = said.at(-CANDIDATES_BY_SLOT)?.position ?? position;
      return said.filter((one) => one.position >= from);
    });
    const latestFirst = lately.sort(
      (left, right) => right.position - left.position || compareIds(left.memoryId, right.memoryId),
    );
    const found = new Map<string, Said>();
    for (const one of latestFirst) {
      const latest = found.get(one.memoryId);
      if (latest === undefined) found.set(one.memoryId, one);
      // One commit told it and changed it: its stream says how it is now.
      else if (latest.position === one.position && latest.row !== one.row)
        found.set(one.memoryId, { ...latest, row: null });
    }
    if (tail.count > SAID_MAX && position > tail.from) forget(tail, position);
    return [...found.values()];
  }

  private tailFrom(tenantId: string, position: number): Tail {
    const known = this.tails.get(tenantId);
    // A read model that is made again from the log is far behind; then what it lacks is read again.
    if (known && known.from <= position && position <= known.to) return known;
    const tail = { from: position, to: position, said: new Map(), count: 0, reading: null, next: null };
    this.tails.set(tenantId, tail);
    return tail;
  }

  /** A read that began before this call may miss the latest commit, so callers wait for one that begins after it. */
  private toTheEnd(tenantId: string, tail: Tail): Promise<void> {
    if (tail.reading === null) return this.begin(tenantId, tail);
    tail.next ??= tail.reading.then(
      () => this.begin(tenantId, tail),
      () => this.begin(tenantId, tail),
    );
    return tail.next;
  }

  private begin(tenantId: string, tail: Tail): Promise<void> {
    tail.next = null;
    const reading = this.read(tenantId, tail).finally(() => {
      if (tail.reading === reading) tail.reading = null;
    });
    tail.reading = reading;
    return reading;
  }

  private async read(tenantId: string, tail: Tail): Promise<void> {
    for (let more = true; more;) {
      const commits = await this.log.commitsAfter(tenantId, tail.to, COMMITS_PER_READ);
      for (const followed of commits) {
        const { position } = followed.commit;
        if (position > tail.to) remember(tail, position, followed.kind === 'commit' ? followed.commit.events : []);
      }
      more = commits.length === COMMITS_PER_READ;
    }
  }
}

function compareIds(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function keyOf({ subject, slot }: Slot): string {
  return `${subject}|${slot}`;
}

function remember(tail: Tail, position: number, events: readonly Pick<RecordedEvent, 'event'>[]): void {
  tail.to = position;
  for (const { event } of events) {
    if (event.data === null) continue;
    const { memoryId } = (event as MemoryEvent).data;
    const isNew = event.type === 'MemoryLearned' || event.type === 'MemoryImported';
    const learned = isNew ? (event as MemoryLearned | MemoryImported).data : null;
    const believer = learned && believerKey(learned.ownership);
    const row = learned && rowOf(learned);
    for (const claim of claimsOf(event as MemoryEvent)) {
      const key = keyOf(claim);
      const said = tail.said.get(key);
      if (said) said.push({ position, memoryId, believer, row });
      else tail.said.set(key, [{ position, memoryId, believer, row }]);
      tail.count += 1;
    }
  }
}

function rowOf({ memoryId: id, content, observedAt, modality }: MemoryLearned['data']): NearMemory | null {
  return content.length > TEXT_MAX ? null : { id, content, observedAt, modality };
}

/** What was said up to `position` the read model has. */
function forget(tail: Tail, position: number): void {
  tail.from = position;
  tail.count = 0;
  for (const [key, said] of tail.said) {
    const left = said.filter((one) => one.position > position);
    if (left.length === 0) tail.said.delete(key);
    else tail.said.set(key, left);
    tail.count += left.length;
  }
}

function claimsOf(event: MemoryEvent): readonly Claim[] {
  switch (event.type) {
    case 'MemoryLearned':
    case 'MemoryImported':
    case 'MemoryRevised':
    case 'MemoryRefined':
      return event.data.read?.claims ?? [];
    case 'MemoryRestored':
      return event.data.restored.claims;
    default:
      return [];
  }
}
