import type { MemoryRestored } from '../memory/memory.events.js';

/** What of an event is looked at here. */
export interface LoggedEvent {
  headers: { id: string; commitid: string; subject: string; streamversion: number };
  event: { type: string; data: unknown };
}

/** The events that one commit put onto one stream. */
export interface Change {
  commitId: string;
  /** Version of its first event in the stream, from 1. */
  firstVersion: number;
  eventIds: string[];
}

/**
 * The changes of a memory's stream that stand, in order, and the undos that can be done again, in order. A change that
 * is no undo ends what could be done again.
 */
export function changesOf(events: readonly LoggedEvent[]): { done: Change[]; undone: Change[] } {
  const done: Change[] = [];
  const undone: (Change & { took: Change[] })[] = [];
  for (const change of grouped(events)) {
    const restored = restorationIn(events, change);
    if (restored === null) {
      done.push(change);
      undone.length = 0;
    } else if (restored.kind === 'undo') {
      const took: Change[] = [];
      while (done.length > 0 && done.at(-1)!.eventIds.some((id) => restored.undoes.includes(id)))
        took.push(done.pop()!);
      undone.push({ ...change, took });
    } else {
      done.push(...(undone.pop()?.took ?? []).reverse());
    }
  }
  return { done, undone };
}

/** What a commit did to reservations, and who did it. */
export interface ReservationChanges {
  take: Readonly<Record<string, string>>;
  expect: Readonly<Record<string, string>>;
  release: readonly string[];
}

/**
 * Who held each key before commits that are taken back, as far as `owners` took it or gave it back in them; null is
 * nobody. Commits from before owners were named with what they gave back are those of one memory alone.
 * @param commits the latest first
 */
export function holdersBefore(
  commits: readonly ReservationChanges[],
  owners: readonly string[],
): Map<string, { before: string | null; after: string | null }> {
  const holders = new Map<string, { before: string | null; after: string | null }>();
  for (const { take, expect, release } of commits) {
    for (const key of new Set([...release, ...Object.keys(take)])) {
      const taker = take[key] ?? null;
      const giver = release.includes(key) ? (expect[key] ?? (owners.length === 1 ? owners[0]! : null)) : null;
      if (![taker, giver].some((owner) => owner !== null && owners.includes(owner))) continue;
      holders.set(key, { before: giver, after: holders.has(key) ? holders.get(key)!.after : taker });
    }
  }
  return holders;
}

/**
 * The streams of a commit that one change of `streamId` is about: those linked to it by a contradiction, a supersession
 * or an undo. Other memories of the same commit (learned from one conversation, deleted by one call) are none of it.
 */
export function linkedStreams(events: readonly LoggedEvent[], streamId: string): string[] {
  const linked = new Set([streamId]);
  const isUndo = events.some(({ event }) => event.type === 'MemoryRestored');
  for (let grew = true; grew;) {
    grew = false;
    for (const { headers, event } of events) {
      const ends = [headers.subject, ...(isUndo ? ['undo'] : namedIn(event))];
      if (!ends.some((end) => linked.has(end)) && !(isUndo && linked.has(streamId))) continue;
      for (const end of ends) {
        if (end === 'undo' || linked.has(end)) continue;
        linked.add(end);
        grew = true;
      }
    }
  }
  const present = new Set(events.map(({ headers }) => headers.subject));
  return [...linked].filter((stream) => present.has(stream));
}

function grouped(events: readonly LoggedEvent[]): Change[] {
  const changes: Change[] = [];
  for (const { headers } of events) {
    const last = changes.at(-1);
    if (last?.commitId === headers.commitid) last.eventIds.push(headers.id);
    else changes.push({ commitId: headers.commitid, firstVersion: headers.streamversion, eventIds: [headers.id] });
  }
  return changes;
}

function restorationIn(events: readonly LoggedEvent[], { eventIds }: Change): MemoryRestored['data'] | null {
  const restored = events.find(
    ({ headers, event }) => event.type === 'MemoryRestored' && eventIds.includes(headers.id),
  );
  return restored ? (restored.event.data as MemoryRestored['data']) : null;
}

/** The streams that an event names beside its own. */
function namedIn({ data }: LoggedEvent['event']): string[] {
  const { contradictionId, supersededBy, otherId, memoryId, contradictionIds } = (data ?? {}) as {
    [name: string]: unknown;
  };
  const memories = [supersededBy, otherId, memoryId].flatMap((id) => (typeof id === 'string' ? [`memory-${id}`] : []));
  const ids = [contradictionId, ...((contradictionIds as unknown[] | undefined) ?? [])];
  return [...memories, ...ids.flatMap((id) => (typeof id === 'string' ? [`contradiction-${id}`] : []))];
}
