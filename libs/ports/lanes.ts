/**
 * Port: wakes workers. A lane is a name under which there is work, and is worked on by one worker at a time. What the
 * work is stands elsewhere: this holds names alone.
 *
 * Promises:
 * - A lane that was put gets a turn in one process that works, for as long as one does.
 * - Over all processes a lane has one turn at a time. To put one that waits or has its turn changes nothing.
 * - Lanes take turns in the order in which they were put. After its turn a lane that has more stands behind the others.
 * - When a turn has ended, `hasMore` is asked afterwards, so that what came during the turn is not overlooked.
 * - The lane of a process that died gets its turn elsewhere within half a minute.
 * - A turn that throws is over, like any other. `put` never throws.
 * - It may forget everything at any time: whoever put lanes that have work puts them again every now and then.
 * - `stop` begins no turn any more and resolves when those that run here have ended.
 */
export abstract class Lanes {
  abstract put(lane: string): Promise<void>;
  /** From now on this process gives turns, a few at a time. */
  abstract work(turn: (lane: string) => Promise<void>, hasMore: (lane: string) => Promise<boolean>): void;
  abstract stop(): Promise<void>;
}
