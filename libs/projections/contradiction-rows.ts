import type { RecordedCommit } from '#libs/contracts/events.js';
import type {
  ContradictionDetected,
  ContradictionErased,
  ContradictionEvent,
} from '#libs/domain/belief/contradiction.js';
import type { UnreadableEvent } from '#libs/domain/memory/memory.evolve.js';
import type { ContradictionRow } from '#libs/ports/memory-reader.js';
import type { ReadModelChanges, SettledContradiction } from '#libs/ports/read-model-store.js';

const contradictionStream = 'contradiction-';

export function isContradictionStream(streamId: string): boolean {
  return streamId.startsWith(contradictionStream);
}

/** What a batch of commits does to the rows of contradictions. Nothing here can fail on an event. */
export class ContradictionRows {
  private readonly detected = new Map<string, ContradictionRow>();
  private readonly settled = new Map<string, SettledContradiction>();
  private readonly erased = new Set<string>();

  record(commit: RecordedCommit, streamId: string, event: ContradictionEvent | UnreadableEvent): void {
    const id = streamId.slice(contradictionStream.length);
    if (event.data === null || event.type === 'ContradictionErased') {
      this.erase(id);
      return;
    }
    const known = event as Exclude<ContradictionEvent, ContradictionErased>;
    if (known.type === 'ContradictionDetected') {
      this.detected.set(id, rowOf(commit, id, known.data));
      return;
    }
    const { settlement, reason } = known.data;
    const settledAt = settlement === null ? null : commit.recordedTime;
    const begun = this.detected.get(id);
    if (begun) this.detected.set(id, { ...begun, settlement, reason, settledAt });
    else this.settled.set(id, { id, settlement, reason, settledAt });
  }

  changes(): Pick<ReadModelChanges, 'contradictions' | 'settledContradictions' | 'erasedContradictions'> {
    return {
      contradictions: [...this.detected.values()],
      settledContradictions: [...this.settled.values()],
      erasedContradictions: [...this.erased],
    };
  }

  /** It went with a memory that it quotes. */
  private erase(id: string): void {
    this.detected.delete(id);
    this.settled.delete(id);
    this.erased.add(id);
  }
}

function rowOf(
  { recordedTime, position }: RecordedCommit,
  id: string,
  { contradictionId: _id, weights: _weights, ...detected }: ContradictionDetected['data'],
): ContradictionRow {
  const settledAt = detected.settlement === null ? null : recordedTime;
  return { id, ...detected, reason: null, detectedAt: recordedTime, settledAt, createdPosition: position };
}
