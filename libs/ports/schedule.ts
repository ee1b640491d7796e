/**
 * Port: runs named work every so often, in one process of the installation at a time.
 *
 * Promises:
 * - Work that was given with `every` runs once in each interval, the first time within one interval from now, and goes
 *   on for as long as one process that gave it runs.
 * - Over all processes that gave work of the same name, it runs in one at a time and once an interval, not once in
 *   each. (Work must bear being run twice all the same: a store that loses its memory forgets who is running.)
 * - Work that takes longer than its interval delays its own next run, and no other work.
 * - Work that fails is reported, by its name, and runs again when its next turn comes.
 * - `stop` begins nothing new and resolves when what runs here has ended. The other processes go on.
 */
export abstract class Schedule {
  /** @param name small letters and hyphens; the same in every process, with the same interval */
  abstract every(name: string, intervalMs: number, work: () => Promise<void>): void;
  abstract stop(): Promise<void>;
}
