import { setTimeout as sleep } from 'node:timers/promises';
import type { EventOnTheWire } from '#libs/contracts/rest/account-answers.js';
import { ServiceError } from '#libs/contracts/errors.js';
import { limits } from '#libs/domain/limits.js';
import type { ChangePage, LogChange, LogPlace } from '#libs/ports/memory-queries.js';
import { presentMemory } from './memory.presenter.js';

export interface Following {
  tenantId: string;
  /** What comes first; it was read before the answer began, so that its failure is still an answer. */
  first: ChangePage;
  read: (after: LogPlace) => Promise<ChangePage>;
  follow: boolean;
  /** Resolves when there may be more, or nothing for a while. */
  grown: (position: number) => Promise<void>;
  isEnding: () => boolean;
  format: EventFormat;
}

/** How events are written down. */
export interface EventFormat {
  contentType: string;
  event(event: EventOnTheWire): string;
  /** Said from time to time while nothing happens, with how far the log was read. */
  heartbeat(place: string): string;
}

export const ndjson: EventFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  event: (event) => `${JSON.stringify(event)}\n`,
  heartbeat: () => '',
};

/** https://html.spec.whatwg.org/multipage/server-sent-events.html: JSON has no line breaks, so one `data` line is enough. */
export const serverSentEvents: EventFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  event: (event) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  // A block without data tells nobody anything, but it is what the client goes on from when it comes back.
  heartbeat: (place) => `id: ${place}\n: nothing new\n\n`,
};

/** After search was out of reach. */
const retryMs = 1_000;

/** Events as text, a page at a time: the next one is read when the reader has taken this one. */
export async function* eventLines(following: Following): AsyncGenerator<string> {
  const { tenantId, format, follow } = following;
  let page = following.first;
  for (;;) {
    if (page.changes.length > 0)
      yield page.changes.map((change) => format.event(presentChange(change, tenantId))).join('');
    const { next, head } = page;
    const isAtEnd = next.index === limits.eventsPerCommit && next.position >= head;
    if (following.isEnding() || (isAtEnd && !follow)) return;
    if (isAtEnd) await following.grown(next.position).catch(passing);
    if (following.isEnding()) return;
    page = await following.read(next).catch(async (error: unknown) => {
      if (!follow) throw error;
      await passing(error);
      return { changes: [], next, head };
    });
    if (page.changes.length === 0 && isAtEnd) yield format.heartbeat(placeText(page.next));
  }
}

/** Who follows for hours need not go because search was away for a moment. @throws what is no such thing */
async function passing(error: unknown): Promise<void> {
  const isPassing = error instanceof ServiceError && (error.code === 'overloaded' || error.code === 'behind');
  if (!isPassing) throw error;
  await sleep(retryMs);
}

export function placeText({ position, index }: LogPlace): string {
  return index === limits.eventsPerCommit ? String(position) : `${position}.${index}`;
}

/** @param text of the form that `placeText` writes */
export function placeOf(text: string): LogPlace {
  const [position, index] = text.split('.').map(Number) as [number, number | undefined];
  return { position, index: Math.min(index ?? limits.eventsPerCommit, limits.eventsPerCommit) };
}

export function presentChange(change: LogChange, tenantId: string): EventOnTheWire {
  const { place, eventId, type, recordedAt, reason, memoryId, memory, data } = change;
  return {
    ...{ id: placeText(place), event_offset: place.position, event_id: eventId, type, time: recordedAt },
    ...(reason !== null && { reason }),
    ...(memoryId !== null && { memory_id: memoryId }),
    ...(memory !== null && { memory: presentMemory(memory, tenantId) }),
    ...(data !== null && { data }),
  };
}
